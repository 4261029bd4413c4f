package io.weft.itests.dcs;

import io.weft.itests.Machine;
import io.weft.itests.net.Ports;
import io.weft.itests.postgres.Postgres;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.testkit.ServerProcess;
import java.nio.file.Path;
import java.util.List;

/** A real store on loopback. Which one is the system property {@code weft.dcs}: etcd, which is the default, nats, postgres, or raft on nodes a and b. */
public final class DcsServer implements AutoCloseable {

  private final String backend;
  private final String section;
  private final AutoCloseable server;

  private DcsServer(String backend, String section, AutoCloseable server) {
    this.backend = backend;
    this.section = section;
    this.server = server;
  }

  public static DcsServer start() {
    return start(System.getProperty("weft.dcs", "etcd"));
  }

  /** The one of that name, for tests that are about more than one. */
  public static DcsServer start(String backend) {
    return switch (backend) {
      case "etcd" -> etcd();
      case "nats" -> nats();
      case "postgres" -> postgres();
      case "raft" -> new DcsServer("raft", "{members: [a, b]}", () -> { });
      default -> throw new IllegalArgumentException("weft.dcs is etcd, nats, postgres or raft, not '" + backend + "'");
    };
  }

  /** The name as in {@code weft dcs status}. */
  public String backend() {
    return backend;
  }

  /** Makes a node use it. */
  public void configure(NodeConfig node) {
    node.line("dcs." + backend + ": " + section);
  }

  /** Makes a node have the feature for it. */
  public NodeProcess equip(NodeProcess node) {
    return node.features("core,node,ops,dcs-" + backend);
  }

  @Override
  public void close() throws Exception {
    server.close();
  }

  private static DcsServer etcd() {
    Path directory = ServerProcess.temporaryDirectory("weft-etcd");
    int port = Ports.freeTcp();
    String url = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + Ports.freeTcp();
    return new DcsServer("etcd", "{endpoints: [\"" + url + "\"]}", ServerProcess.start(directory, List.of(
        ServerProcess.require("etcd").toString(), "--name", "one", "--data-dir", directory.resolve("data").toString(),
        "--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", peer,
        "--initial-advertise-peer-urls", peer, "--initial-cluster", "one=" + peer, "--log-level", "error"), port));
  }

  private static DcsServer nats() {
    Path directory = ServerProcess.temporaryDirectory("weft-nats");
    int port = Ports.freeTcp();
    return new DcsServer("nats", "{servers: [\"nats://127.0.0.1:" + port + "\"], replicas: 1}", ServerProcess.start(directory,
        List.of(ServerProcess.require("nats-server").toString(), "--js", "--store_dir", directory.toString(), "--addr",
            "127.0.0.1", "--port", Integer.toString(port)), port));
  }

  private static DcsServer postgres() {
    Machine.check(Postgres.isInstalled(), "PostgreSQL is not installed");
    int port = Ports.freeTcp();
    return new DcsServer("postgres", "{url: \"jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres\"}",
        Postgres.create(port));
  }
}
