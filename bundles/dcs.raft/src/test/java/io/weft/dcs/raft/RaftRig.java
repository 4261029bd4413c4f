package io.weft.dcs.raft;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsStatus;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.RealTime;
import io.weft.testkit.dcs.DcsRig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Members a, b and c in this process, with real logs on disk, and clients as nodes of their own that are no members. */
final class RaftRig implements DcsRig {

  static final Duration SOON = Duration.ofSeconds(60);
  static final List<String> FOUNDERS = List.of("a", "b", "c");

  final TestNet net = new TestNet();
  final RealTime time = new RealTime();
  final Path directory;
  final Map<String, RaftDcs> members = new TreeMap<>();
  int timeoutMillis = 4_000;
  int electionMillis = 700;
  List<String> founders = FOUNDERS;
  private int clients;

  RaftRig() throws IOException {
    directory = Files.createTempDirectory("weft-raft");
  }

  /** With all founders. */
  static RaftRig started() throws IOException {
    return started(FOUNDERS);
  }

  static RaftRig started(List<String> founders) throws IOException {
    RaftRig rig = new RaftRig();
    rig.founders = founders;
    founders.forEach(rig::start);
    rig.awaitServing();
    return rig;
  }

  /** Starts a node with the store; a founder or not. */
  RaftDcs start(String name) {
    RaftDcs dcs = open(name);
    members.put(name, dcs);
    return dcs;
  }

  /** As if it had lost power: the others hear that it is gone, and what it says last nobody hears. */
  void stop(String name) {
    net.silence(name);
    net.cut(name);
    members.remove(name).close();
    net.unsilence(name);
  }

  Path home(String name) {
    return directory.resolve(name);
  }

  /** Its disk is lost. */
  void delete(String name) throws IOException {
    try (Stream<Path> all = Files.walk(home(name))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** In the middle of what its log holds. */
  void flipBit(String name) throws IOException {
    Path segment;
    try (Stream<Path> all = Files.walk(home(name))) {
      segment = all.filter(p -> p.getFileName().toString().startsWith("log_")).max(Comparator.naturalOrder()).orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      long middle = Math.min(1_000, file.length() / 2);
      file.seek(middle);
      int old = file.read();
      file.seek(middle);
      file.write(old ^ 4);
    }
  }

  private RaftDcs open(String name) {
    Map<String, Object> values =
        Map.of("members", founders.toArray(String[]::new), "election_timeout_ms", electionMillis, "timeout_ms", timeoutMillis);
    return new RaftDcs(FakeConfig.of(RaftConfig.class, values), net.node(name),
        new FakeNode(new FakeIdentity("demo", name), "demo", 1, home(name)), time, time);
  }

  void awaitServing() {
    Await.until("the store to serve", SOON, () -> members.values().stream().anyMatch(RaftRig::serves));
  }

  static boolean serves(RaftDcs dcs) {
    try {
      return status(dcs).state() == DcsStatus.State.SERVING;
    } catch (Exception e) {
      throw new AssertionError("no status", e);
    }
  }

  static DcsStatus status(RaftDcs dcs) throws Exception {
    return dcs.status().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Override
  public String server() {
    return "raft, three members";
  }

  @Override
  public Client client() {
    String name = "n" + ++clients;
    RaftDcs dcs = open(name);
    return new Client() {
      @Override
      public Dcs dcs() {
        return dcs;
      }

      @Override
      public void block() {
        net.silence(name);
      }

      @Override
      public void unblock() {
        net.unsilence(name);
      }

      @Override
      public void close() {
        dcs.close();
      }
    };
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Override
  public boolean canRestart() {
    return true;
  }

  @Override
  public void restart() {
    List<String> names = new ArrayList<>(members.keySet());
    names.forEach(this::stop);
    names.forEach(this::start);
    awaitServing();
  }

  @Override
  public boolean canCompact() {
    return true;
  }

  @Override
  public void compact() throws Exception {
    members.get("a").compact().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    List.copyOf(members.keySet()).forEach(this::stop);
    time.close();
    net.close();
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
