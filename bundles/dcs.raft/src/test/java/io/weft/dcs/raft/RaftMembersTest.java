package io.weft.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsMember;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.WriteResult;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who keeps the store: founding, adding, removing, losing and repairing members. */
class RaftMembersTest {

  private RaftRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new RaftRig();
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void aLoneNodeWaitsAndSaysForWhat() throws Exception {
    RaftDcs c = rig.start("c");
    Await.until("it to say so", RaftRig.SOON, () -> RaftRig.status(c).detail().contains("waits for a, b"));
    assertThat(RaftRig.status(c).state()).isEqualTo(DcsStatus.State.WAITING);
    WriteResult refused = put(c, "k", "v");
    assertThat(refused).isInstanceOf(WriteResult.Refused.class);
    assertThat(refused.toString()).contains("waits for a, b");

    rig.start("a");
    Await.until("it to wait for b only", RaftRig.SOON, () -> RaftRig.status(c).detail().contains("waits for b"));
    rig.start("b");
    rig.awaitServing();
    assertThat(put(c, "k", "v").isDone()).isTrue();
    assertThat(RaftRig.status(c).members()).extracting(DcsMember::name).containsExactly("a", "b", "c");
  }

  /** The first time all are needed, later any two of them. */
  @Test
  void theOrderOfStartsDoesNotMatter() throws Exception {
    for (List<String> order : List.of(List.of("b", "c", "a"), List.of("c", "a", "b"), List.of("a", "b", "c"))) {
      boolean first = order.get(0).equals("b");
      rig.start(order.get(0));
      Await.until("it to wait", RaftRig.SOON,
          () -> RaftRig.status(rig.members.get(order.get(0))).state() == DcsStatus.State.WAITING);
      RaftDcs second = rig.start(order.get(1));
      if (!first) {
        Await.until("two to be enough", RaftRig.SOON, () -> put(second, "two of", order.toString()).isDone());
      }
      RaftDcs third = rig.start(order.get(2));
      Await.until("all to serve", RaftRig.SOON, () -> put(third, "all of", order.toString()).isDone());
      order.forEach(this::awaitCaughtUp);
      order.forEach(rig::stop);
    }
  }

  @Test
  void aMemberThatLostItsDiskComesBack() throws Exception {
    startAll();
    put(rig.members.get("a"), "before", "1");
    rig.stop("b");
    rig.delete("b");
    put(rig.members.get("a"), "meanwhile", "2");
    RaftDcs b = rig.start("b");
    awaitCaughtUp("b");
    assertThat(text(b, "before", ReadMode.STALE)).contains("1");
    assertThat(RaftRig.status(b).members()).extracting(DcsMember::name).containsExactly("a", "b", "c");
    rig.stop("c");
    Await.until("a and the new b to decide alone", RaftRig.SOON, () -> put(b, "after", "3").isDone());
  }

  @Test
  void damageIsRefusedAndRepaired() throws Exception {
    startAll();
    for (int i = 0; i < 50; i++) {
      put(rig.members.get("a"), "k" + i, "value " + i);
    }
    rig.stop("b");
    rig.flipBit("b");
    RaftDcs b = rig.start("b");
    awaitCaughtUp("b");
    assertThat(text(b, "k49", ReadMode.STALE)).contains("value 49");
    assertThat(rig.home("b").resolve("data/dcs.raft/aside/log")).isDirectory();
  }

  @Test
  void damageIsNotTouchedWhileTheOthersDoNotServe() throws Exception {
    startAll();
    for (int i = 0; i < 50; i++) {
      put(rig.members.get("a"), "k" + i, "value " + i);
    }
    List.of("a", "b", "c").forEach(rig::stop);
    rig.flipBit("b");
    RaftDcs b = rig.start("b");
    Await.until("it to refuse its log", RaftRig.SOON,
        () -> RaftRig.status(b).detail().contains("refuses its log: "));
    assertThat(rig.home("b").resolve("data/dcs.raft/aside")).doesNotExist();
    rig.start("a");
    rig.start("c");
    awaitCaughtUp("b");
    assertThat(text(b, "k49", ReadMode.STALE)).contains("value 49");
  }

  @Test
  void membersAreAddedAndRemoved() throws Exception {
    startAll();
    RaftDcs a = rig.members.get("a");
    put(a, "k", "v");
    RaftDcs d = rig.start("d");
    assertThat(text(d, "k", ReadMode.LINEARIZABLE)).contains("v");
    Await.until("d to see that it is no member", RaftRig.SOON, () -> RaftRig.status(d).detail().contains("no member"));
    done(a.add("d"));
    done(a.add("d"));
    assertThat(RaftRig.status(a).members()).extracting(DcsMember::name).containsExactly("a", "b", "c", "d");
    awaitCaughtUp("d");

    done(d.remove("a"));
    assertThat(RaftRig.status(d).members()).extracting(DcsMember::name).containsExactly("b", "c", "d");
    Await.until("a to see that it was removed", RaftRig.SOON, () -> RaftRig.status(a).detail().contains("no member"));
    assertThat(put(a, "k2", "v2").isDone()).as("it still uses the store").isTrue();
    rig.stop("b");
    rig.start("b");
    awaitCaughtUp("b");
    rig.stop("c");
    Await.until("b and d to decide", RaftRig.SOON, () -> put(d, "k3", "v3").isDone());
    assertThatThrownBy(() -> done(d.remove("b"))).isInstanceOf(ExecutionException.class).hasMessageContaining("no majority");
  }

  /** Whoever waits for it hears of the next leader long before its time is over, and nothing is said about what may have happened. */
  @Test
  void nobodyWaitsForALeaderThatFellSilent() throws Exception {
    rig.timeoutMillis = 9_000;
    startAll();
    String leader = RaftRig.status(rig.members.get("a")).leader().orElseThrow();
    RaftDcs other = rig.members.get(leader.equals("a") ? "b" : "a");
    put(other, "k", "v");
    rig.net.silence(leader);
    byte[] bytes = "w".getBytes(StandardCharsets.UTF_8);
    CompletionStage<WriteResult> write = other.put("k", bytes, Expect.any(), null);
    CompletionStage<Optional<Entry>> read = other.get("k", ReadMode.LINEARIZABLE);
    WriteResult result = write.toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertThat(result.isDone() || result.equals(new WriteResult.Indeterminate("raft: " + leader + " does not lead any more")))
        .as("%s; done only if another led already", result).isTrue();
    assertThat(read.toCompletableFuture().get(30, TimeUnit.SECONDS).map(Entry::text)).isPresent();
    rig.net.unsilence(leader);
  }

  @Test
  void theLeadIsHandedOver() throws Exception {
    startAll();
    RaftDcs a = rig.members.get("a");
    put(a, "k", "v");
    String leader = RaftRig.status(a).leader().orElseThrow();
    String next = RaftRig.FOUNDERS.stream().filter(n -> !n.equals(leader)).findFirst().orElseThrow();
    Await.until("the lead to be handed over", RaftRig.SOON, () -> {
      a.transfer(next).toCompletableFuture().handle((done, failure) -> null).get(30, TimeUnit.SECONDS);
      return RaftRig.status(a).leader().filter(next::equals).isPresent();
    });
    // The first write after that may meet a leader that is not ready, and then nobody says that it happened.
    Await.until("the new leader to take a write", RaftRig.SOON, () -> put(a, "k", "w").isDone());
  }

  @Test
  void whoIsFarBehindGetsASnapshot() throws Exception {
    startAll();
    RaftDcs a = rig.members.get("a");
    rig.stop("c");
    for (int i = 0; i < 30; i++) {
      put(a, "k" + i, "x".repeat(10_000));
    }
    RaftDcs b = rig.members.get("b");
    Await.until("the two to compact", RaftRig.SOON, () -> {
      a.compact().toCompletableFuture().handle((done, failure) -> null).get(30, TimeUnit.SECONDS);
      b.compact().toCompletableFuture().handle((done, failure) -> null).get(30, TimeUnit.SECONDS);
      return Stream.of("a", "b").allMatch(this::hasSnapshot);
    });
    put(a, "last", "1");
    RaftDcs c = rig.start("c");
    awaitCaughtUp("c");
    assertThat(text(c, "k29", ReadMode.STALE)).contains("x".repeat(10_000));
    assertThat(text(c, "last", ReadMode.STALE)).contains("1");
  }

  @Test
  void stoppedTwiceNothingIsLeft() {
    for (int i = 0; i < 2; i++) {
      startAll();
      List.of("a", "b", "c").forEach(rig::stop);
      Await.until("all threads to end", RaftRig.SOON, () -> threads().isEmpty());
    }
  }

  /** Of the bundle, and of Ratis, which names them by the member or the group. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
        .filter(name -> name.startsWith("weft-dcs.raft") || name.contains("@group-") || name.matches(".*[abc]~[a-z0-9]{8}.*")).toList();
  }

  private boolean hasSnapshot(String name) {
    try (Stream<Path> all = Files.walk(rig.home(name))) {
      return all.anyMatch(p -> p.getFileName().toString().matches("snapshot\\.\\d+_\\d+"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void startAll() {
    RaftRig.FOUNDERS.forEach(rig::start);
    rig.awaitServing();
    rig.members.values().forEach(m -> Await.until("all to serve", RaftRig.SOON, () -> RaftRig.serves(m)));
  }

  private void awaitCaughtUp(String name) {
    RaftDcs dcs = rig.members.get(name);
    Await.until(name + " to catch up", RaftRig.SOON, () -> RaftRig.status(dcs).members().stream()
        .anyMatch(m -> m.name().equals(name) && m.healthy() && m.behind() == 0) && RaftRig.serves(dcs));
  }

  private static Optional<String> text(Dcs dcs, String key, ReadMode mode) throws Exception {
    return dcs.get(key, mode).toCompletableFuture().get(30, TimeUnit.SECONDS).map(Entry::text);
  }

  private static WriteResult put(Dcs dcs, String key, String value) throws Exception {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return dcs.put(key, bytes, Expect.any(), null).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static void done(CompletionStage<Void> stage) throws Exception {
    stage.toCompletableFuture().get(90, TimeUnit.SECONDS);
  }
}
