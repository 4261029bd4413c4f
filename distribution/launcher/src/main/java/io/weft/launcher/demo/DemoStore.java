package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The store that the nodes of a demo coordinate on. */
interface DemoStore extends AutoCloseable {

  /** Those that there is a demo for. */
  List<String> BACKENDS = List.of("etcd", "nats", "postgres", "raft");

  /** As in the names of the feature and the section of weft.yaml. */
  String backend();

  /** Starts what it takes; in one line, what was started. */
  String start(Path directory) throws DemoFailed, IOException, InterruptedException;

  /** What a node needs in its weft.yaml; known before the start. */
  String section();

  /** What {@code secret:file/NAME} leads to in that section. */
  default Map<String, String> secrets() {
    return Map.of();
  }

  @Override
  void close();

  /** @throws Failure that says what is missing */
  static DemoStore of(String backend, Dist dist, List<String> nodes, Ports ports) throws Failure, IOException {
    if (!Files.exists(dist.features().resolve("dcs-" + backend + ".json"))) {
      throw new Failure(Failure.PRECONDITION, "this version has no feature dcs-" + backend + " yet; try another store");
    }
    return switch (backend) {
      case "etcd" -> new EtcdStore(program(backend, "etcd", "etcd-server"), ports);
      case "nats" -> new NatsStore(program(backend, "nats-server", "nats-server"), ports);
      case "postgres" -> new PostgresStore(PostgresStore.binaries().orElseThrow(
          () -> missing(backend, "PostgreSQL", "postgresql")), ports);
      case "raft" -> new RaftStore(nodes);
      default -> throw new IllegalArgumentException(backend);
    };
  }

  private static Path program(String backend, String name, String packageName) throws Failure {
    return ThisMachine.find(name).orElseThrow(() -> missing(backend, "the program " + name, packageName));
  }

  private static Failure missing(String backend, String what, String packageName) {
    return new Failure(Failure.PRECONDITION, "weft demo --dcs " + backend + " starts a store of its own, and " + what
        + " is not installed (Debian: apt-get install " + packageName + ")");
  }
}
