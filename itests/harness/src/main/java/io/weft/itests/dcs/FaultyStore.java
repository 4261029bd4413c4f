package io.weft.itests.dcs;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.testkit.FreePorts;
import io.weft.testkit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real store whose servers fail when a test wants it. Closing it ends them and removes their data. */
public final class FaultyStore implements AutoCloseable {

  private static final int MEMBERS = 3;

  private final String backend;
  private final String section;
  private final List<StoreMember> members;

  private FaultyStore(String backend, String section, List<StoreMember> members) {
    this.backend = backend;
    this.section = section;
    this.members = members;
  }

  /**
   * On loopback: etcd and NATS of three members (NATS of one, if it is too old to be safe), one PostgreSQL; or nothing, where the nodes
   * a, b and c are the members.
   */
  public static FaultyStore start(String backend) {
    return switch (backend) {
      case "etcd" -> etcd(i -> "127.0.0.1", i -> List.of(), ports(MEMBERS), ports(MEMBERS));
      case "nats" -> nats();
      case "postgres" -> postgres();
      case "raft" -> raft(List.of("a", "b", "c"));
      default -> throw new IllegalArgumentException("there is no store " + backend + " here");
    };
  }

  /**
   * An etcd of three members on hosts of a lab.
   *
   * @param host address of a member
   * @param prefix words that run a command there
   */
  public static FaultyStore etcdAt(IntFunction<String> host, IntFunction<List<String>> prefix) {
    return etcd(host, prefix, IntStream.range(0, MEMBERS).map(i -> 2379).boxed().toList(),
        IntStream.range(0, MEMBERS).map(i -> 2380).boxed().toList());
  }

  /** Kept by those nodes. */
  public static FaultyStore raft(List<String> nodes) {
    return new FaultyStore("raft", "{members: [" + String.join(", ", nodes) + "]}", List.of());
  }

  /** An etcd of one member whose data are in {@code data}. */
  public static FaultyStore etcdIn(Path data) {
    return etcd(i -> "127.0.0.1", i -> List.of(), ports(1), ports(1), i -> data);
  }

  public String backend() {
    return backend;
  }

  public List<StoreMember> members() {
    return members;
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
  public void close() {
    members.forEach(StoreMember::close);
  }

  private static FaultyStore etcd(
      IntFunction<String> host, IntFunction<List<String>> prefix, List<Integer> clients, List<Integer> peers) {
    return etcd(host, prefix, clients, peers, i -> null);
  }

  private static FaultyStore etcd(IntFunction<String> host, IntFunction<List<String>> prefix, List<Integer> clients,
      List<Integer> peers, IntFunction<Path> data) {
    Path program = ServerProcess.require("etcd");
    IntFunction<String> client = i -> "http://" + host.apply(i) + ":" + clients.get(i);
    IntFunction<String> peer = i -> "http://" + host.apply(i) + ":" + peers.get(i);
    String cluster = all(clients.size(), i -> "e" + i + "=" + peer.apply(i), ",");
    List<StoreMember> members = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      Path directory = ServerProcess.temporaryDirectory("weft-etcd");
      Path place = data.apply(i) == null ? directory.resolve("data") : data.apply(i);
      List<String> words = new ArrayList<>(prefix.apply(i));
      words.addAll(List.of(program.toString(), "--name", "e" + i, "--data-dir", place.toString(), "--listen-client-urls",
          client.apply(i), "--advertise-client-urls", client.apply(i), "--listen-peer-urls", peer.apply(i),
          "--initial-advertise-peer-urls", peer.apply(i), "--initial-cluster", cluster, "--log-level", "error"));
      members.add(new StoreMember("e" + i, ServerProcess.launch(directory, words, clients.get(i))));
    }
    String urls = all(clients.size(), i -> "\"" + client.apply(i) + "\"", ", ");
    return new FaultyStore("etcd", "{endpoints: [" + urls + "]}", members);
  }

  /** {@code NATS_CURRENT_BIN} names one that is safe with several members; else there is one member of the one that is installed. */
  private static FaultyStore nats() {
    String current = System.getenv("NATS_CURRENT_BIN");
    Path program = current == null ? ServerProcess.require("nats-server") : Path.of(current);
    List<Integer> clients = ports(current == null ? 1 : MEMBERS);
    List<Integer> routes = ports(clients.size());
    String others = all(routes.size(), i -> "nats://127.0.0.1:" + routes.get(i), ",");
    List<StoreMember> members = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      Path directory = ServerProcess.temporaryDirectory("weft-nats");
      List<String> words = new ArrayList<>(List.of(program.toString(), "--js", "--store_dir", directory.toString(), "--addr",
          "127.0.0.1", "--port", Integer.toString(clients.get(i)), "--server_name", "n" + i));
      if (clients.size() > 1) {
        words.addAll(List.of("--cluster_name", "weft", "--cluster", "nats://127.0.0.1:" + routes.get(i), "--routes", others));
      }
      members.add(new StoreMember("n" + i, ServerProcess.launch(directory, words, clients.get(i))));
    }
    String urls = all(clients.size(), i -> "\"nats://127.0.0.1:" + clients.get(i) + "\"", ", ");
    return new FaultyStore("nats", "{servers: [" + urls + "], replicas: " + clients.size() + "}", members);
  }

  private static FaultyStore postgres() {
    Machine.needsRoot(); // the server runs as the user postgres
    Path binaries = postgresBinaries();
    Path directory = ServerProcess.temporaryDirectory("weft-pg");
    int port = Ports.freeTcp();
    String data = directory.resolve("data").toString();
    Command.of("chown", "postgres", directory.toString()).run().orFail();
    List<String> asPostgres = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--");
    Command.of(join(asPostgres, binaries.resolve("initdb").toString(), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8",
        "--no-sync")).in(directory).run().orFail();
    StoreMember member = new StoreMember("pg", ServerProcess.launch(directory, join(asPostgres,
        binaries.resolve("postgres").toString(), "-D", data, "-h", "127.0.0.1", "-p", Integer.toString(port), "-k",
        directory.toString()), port));
    return new FaultyStore("postgres", "{url: \"jdbc:postgresql://127.0.0.1:" + port + "/postgres\", user: postgres}",
        List.of(member));
  }

  /** Of the newest version. */
  private static Path postgresBinaries() {
    Path installed = Path.of("/usr/lib/postgresql");
    Machine.check(Files.isDirectory(installed), "PostgreSQL is not installed");
    try (Stream<Path> versions = Files.list(installed)) {
      return versions.map(v -> v.resolve("bin")).filter(b -> Files.isExecutable(b.resolve("initdb"))).max(Path::compareTo)
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> join(List<String> first, String... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toList();
  }

  private static List<Integer> ports(int count) {
    return FreePorts.tcp(count);
  }

  private static String all(int count, IntFunction<String> each, String between) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(between));
  }
}
