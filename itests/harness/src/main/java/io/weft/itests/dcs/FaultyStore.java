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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real store whose servers fail when a test wants it. Closing it ends them and removes their data. */
public final class FaultyStore implements AutoCloseable {

  private static final int MEMBERS = 3;
  private static final String LOOPBACK = "127.0.0.1";

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
      case "etcd" -> etcd(i -> LOOPBACK, i -> List.of(), ports(MEMBERS), ports(MEMBERS));
      case "nats" -> nats(i -> LOOPBACK, i -> List.of(), ports(natsMembers()), ports(natsMembers()));
      case "postgres" -> postgres(LOOPBACK, List.of());
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
    return etcd(host, prefix, same(MEMBERS, 2379), same(MEMBERS, 2380));
  }

  /** A NATS on hosts of a lab, with as many members as {@link #start} makes. */
  public static FaultyStore natsAt(IntFunction<String> host, IntFunction<List<String>> prefix) {
    return nats(host, prefix, same(natsMembers(), 4222), same(natsMembers(), 6222));
  }

  /**
   * A PostgreSQL on one host of a lab.
   *
   * @param prefix words that run a command there
   */
  public static FaultyStore postgresAt(String host, List<String> prefix) {
    return postgres(host, prefix);
  }

  /** Kept by those nodes. */
  public static FaultyStore raft(List<String> nodes) {
    return new FaultyStore("raft", "{members: [" + String.join(", ", nodes) + "]}", List.of());
  }

  /** An etcd of one member whose data are in {@code data}. */
  public static FaultyStore etcdIn(Path data) {
    return etcd(i -> LOOPBACK, i -> List.of(), ports(1), ports(1), i -> data);
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
  private static int natsMembers() {
    return System.getenv("NATS_CURRENT_BIN") == null ? 1 : MEMBERS;
  }

  private static FaultyStore nats(
      IntFunction<String> host, IntFunction<List<String>> prefix, List<Integer> clients, List<Integer> routes) {
    String current = System.getenv("NATS_CURRENT_BIN");
    Path program = current == null ? ServerProcess.require("nats-server") : Path.of(current);
    String others = all(routes.size(), i -> "nats://" + host.apply(i) + ":" + routes.get(i), ",");
    List<StoreMember> members = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      Path directory = ServerProcess.temporaryDirectory("weft-nats");
      List<String> words = new ArrayList<>(prefix.apply(i));
      words.addAll(List.of(program.toString(), "--js", "--store_dir", directory.toString(), "--addr", host.apply(i), "--port",
          Integer.toString(clients.get(i)), "--server_name", "n" + i));
      if (clients.size() > 1) {
        words.addAll(List.of("--cluster_name", "weft", "--cluster", "nats://" + host.apply(i) + ":" + routes.get(i), "--routes", others));
      }
      members.add(new StoreMember("n" + i, ServerProcess.launch(directory, words, clients.get(i))));
    }
    String urls = all(clients.size(), i -> "\"nats://" + host.apply(i) + ":" + clients.get(i) + "\"", ", ");
    return new FaultyStore("nats", "{servers: [" + urls + "], replicas: " + clients.size() + "}", members);
  }

  private static FaultyStore postgres(String host, List<String> prefix) {
    Machine.needsRoot(); // the server runs as the user postgres
    Path binaries = postgresBinaries();
    Path directory = ServerProcess.temporaryDirectory("weft-pg");
    int port = Ports.freeTcp();
    Path data = directory.resolve("data");
    Command.of("chown", "postgres", directory.toString()).run().orFail();
    List<String> asPostgres = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--");
    Command.of(join(asPostgres, binaries.resolve("initdb").toString(), "-D", data.toString(), "-A", "trust", "-U", "postgres", "-E",
        "UTF8", "--no-sync")).in(directory).run().orFail();
    letIn(data, host);
    List<String> words = join(prefix, asPostgres.toArray(String[]::new));
    StoreMember member = new StoreMember("pg", ServerProcess.launch(directory, join(words, binaries.resolve("postgres").toString(),
        "-D", data.toString(), "-h", host, "-p", Integer.toString(port), "-k", directory.toString()), port));
    return new FaultyStore("postgres", "{url: \"jdbc:postgresql://" + host + ":" + port + "/postgres\", user: postgres}",
        List.of(member));
  }

  /** Those who are in the network of that host; initdb lets in loopback only. */
  private static void letIn(Path data, String host) {
    try {
      Files.writeString(data.resolve("pg_hba.conf"), "host all all " + host + "/24 trust\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private static List<Integer> same(int count, int port) {
    return IntStream.range(0, count).map(i -> port).boxed().toList();
  }

  private static List<Integer> ports(int count) {
    return FreePorts.tcp(count);
  }

  private static String all(int count, IntFunction<String> each, String between) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(between));
  }
}
