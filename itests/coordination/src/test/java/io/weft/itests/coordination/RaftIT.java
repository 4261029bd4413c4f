package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.RaftFabric;
import io.weft.itests.process.NodeProcess;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Three nodes that keep the store among themselves: processes, with their links and disks, and what happens to them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RaftIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int KILLS = Integer.getInteger("weft.rounds", 5);
  private static final int WRITERS = 3;

  private static RaftFabric fabric;

  @BeforeAll
  static void start() {
    fabric = RaftFabric.start("a", "b", "c");
  }

  @AfterAll
  static void stop() {
    if (fabric != null) {
      fabric.close();
    }
  }

  @Test
  @Order(1)
  void whatOneNodeWritesTheOthersRead() throws IOException {
    fabric.node("a").ask("dcs:put", "app/flag", "on", "--yes").orFail();
    for (NodeProcess node : fabric.nodes()) {
      assertThat(node.ask("dcs:get", "app/flag", "--json").orFail()).contains("\"on\"");
      assertThat(RaftFabric.status(node)).containsEntry("backend", "raft");
    }
    assertThat(fabric.node("b").ask("lease:list", "--json").exitCode()).isZero();
  }

  /** The leader is killed in the middle of writes, again and again; whatever was acknowledged is still there in the end. */
  @Test
  @Order(2)
  void aKilledLeaderLosesNothing() throws IOException {
    List<AcknowledgedWrites> writers = new ArrayList<>();
    List<Long> gaps = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        writers.add(new AcknowledgedWrites("kept" + i + "/", fabric.nodes(), "x"));
      }
      for (int i = 0; i < KILLS; i++) {
        awaitMore(writers, 20);
        NodeProcess leader = fabric.awaitLeader();
        leader.kill();
        long killed = System.nanoTime();
        awaitMore(writers, 1);
        gaps.add((System.nanoTime() - killed) / 1_000_000);
        leader.start();
        fabric.awaitServing(leader);
        fabric.awaitCaughtUp(leader);
      }
      awaitMore(writers, 20);
    } finally {
      writers.forEach(AcknowledgedWrites::close);
    }
    gaps.sort(Comparator.naturalOrder());
    System.out.println("RAFT leader killed " + KILLS + " times, acknowledged " + total(writers) + " writes, next write after ms "
        + gaps);
    for (AcknowledgedWrites writer : writers) {
      assertThat(writer.missingAt(fabric.node("a"))).as("acknowledged, and gone").isEmpty();
    }
  }

  @Test
  @Order(3)
  void allAtOnceComeBack() throws IOException {
    fabric.node("a").ask("dcs:put", "app/last", "before", "--yes").orFail();
    fabric.nodes().forEach(NodeProcess::kill);
    fabric.nodes().forEach(NodeProcess::start);
    fabric.nodes().forEach(fabric::awaitServing);
    assertThat(fabric.node("b").ask("dcs:get", "app/last", "--json").orFail()).contains("before");
  }

  @Test
  @Order(4)
  void aMemberWithoutItsDiskComesBack() throws IOException {
    NodeProcess c = fabric.node("c");
    c.kill();
    delete(c.home().resolve("data/dcs.raft"));
    c.start();
    fabric.awaitServing(c);
    fabric.awaitCaughtUp(c);
    assertThat(c.log()).contains("raft member comes back with nothing");
    fabric.node("a").kill(); // now it counts
    Await.until("b and c to decide", SOON, () -> c.ask("dcs:put", "app/alone", "yes", "--yes").exitCode() == 0);
    fabric.node("a").start();
    fabric.awaitCaughtUp(fabric.node("a"));
  }

  /** Two homes are lost for good; what the third has becomes a store of its own, which others join again. */
  @Test
  @Order(5)
  void whatOneMemberHasBecomesAStore() throws IOException {
    NodeProcess a = fabric.node("a");
    long token = written(a);
    fabric.nodes().forEach(fabric::awaitCaughtUp);
    assertThat(a.weft("dcs", "recover", "--yes").err()).contains("a node is already running");
    fabric.nodes().forEach(NodeProcess::kill);
    delete(fabric.node("b").home().resolve("data/dcs.raft"));
    delete(fabric.node("c").home().resolve("data/dcs.raft"));
    assertThat(a.weft("dcs", "recover").orFail()).contains("would make a the only member").contains("nothing was done");
    assertThat(a.weft("dcs", "recover", "--yes").orFail()).contains("DONE: a is the only member now");
    fabric.nodes().forEach(NodeProcess::start);
    fabric.nodes().forEach(fabric::awaitServing);
    assertThat(fabric.node("c").ask("dcs:get", "app/last", "--json").orFail()).contains("before");
    assertThat(written(a)).isGreaterThan(token);
    for (String name : List.of("b", "c")) {
      Await.until(name + " to be a member again", SOON, () -> a.ask("dcs:add", name, "--yes").exitCode() == 0);
      fabric.awaitCaughtUp(fabric.node(name));
    }
    a.kill();
    Await.until("b and c to decide", SOON, () -> fabric.node("c").ask("dcs:put", "app/alone", "again", "--yes").exitCode() == 0);
    a.start();
    fabric.awaitCaughtUp(a);
  }

  /** The revision of a write, which is what fencing tokens are. */
  private static long written(NodeProcess node) throws IOException {
    Object answer = JsonReader.read(node.ask("dcs:put", "app/token", "x", "--yes", "--json").orFail());
    return ((Number) ((Map<?, ?>) answer).get("revision")).longValue();
  }

  private static int total(List<AcknowledgedWrites> writers) {
    return writers.stream().mapToInt(AcknowledgedWrites::count).sum();
  }

  private static void awaitMore(List<AcknowledgedWrites> writers, int more) {
    int before = total(writers);
    Await.until(more + " more acknowledged writes", SOON, () -> total(writers) >= before + more);
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
