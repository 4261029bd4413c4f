package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.CoordinatedFabric;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.dcs.Member;
import io.weft.itests.dcs.StoreMember;
import io.weft.itests.process.NodeProcess;
import io.weft.support.fence.Attempt;
import io.weft.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What fails under three nodes and their store. Whoever the job calls refuses older tokens and records every attempt; after each test no
 * attempt may have been made by somebody who was told that it holds the lease after somebody else was told so.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Faults {

  /** From the end of a fault until somebody acts. */
  static final Duration RECOVERY_MAX = Duration.ofSeconds(Integer.getInteger("weft.recovery.seconds", 30));

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int ROUNDS = Integer.getInteger("weft.rounds", 5);
  private static final int WRITES = 20;
  private static final String JOB = "org.example.steps";

  FaultyStore store;
  CoordinatedFabric fabric;

  /** Which store, and the shortest TTL that it has. */
  abstract String backend();

  abstract Duration ttl();

  /** How long the store may take to get over the loss of a server, and we after it. */
  Duration recoveryMax() {
    return RECOVERY_MAX;
  }

  /** Who keeps the store. */
  List<? extends Member> members() {
    return store.members();
  }

  /** So many of them that without them nothing is decided. */
  List<? extends Member> enoughToSilence() {
    return members();
  }

  @BeforeAll
  void start() {
    store = FaultyStore.start(backend());
    fabric = CoordinatedFabric.of(store, ttl(), "a", "b", "c").start();
  }

  @AfterAll
  void stop() {
    if (fabric != null) {
      fabric.close();
    }
    if (store != null) {
      store.close();
    }
  }

  @BeforeEach
  void healthy() {
    fabric.awaitActing(SOON);
  }

  @AfterEach
  void neverTwo() {
    if (fabric != null) {
      assertThat(fabric.record().violations()).isEmpty();
      assertThat(fabric.record().tokens()).isSorted();
    }
  }

  @Test
  void aPausedHolderNeverActsOnItsOldLease() {
    int rounds = 0;
    for (int tries = 0; rounds < ROUNDS && tries < 2 * ROUNDS; tries++) {
      rounds += pausedForThreeTtls() ? 1 : 0;
    }
    assertThat(rounds).as("rounds in which the holder was paused while it held").isEqualTo(ROUNDS);
  }

  /** Whether who was paused was the holder; on a busy machine the lease may go elsewhere in that moment. */
  private boolean pausedForThreeTtls() {
    NodeProcess holder = fabric.actor();
    holder.pause();
    Await.until("the node to stand still", SOON, () -> StoreMember.state(holder.pid()).equals("T"));
    long paused = System.nanoTime();
    Attempt last = fabric.latest();
    boolean held = last.node().equals(holder.name());
    long resumed;
    try {
      if (held) {
        Attempt next = fabric.awaitOther(last, SOON);
        assertThat(next.token()).isGreaterThan(last.token());
        Await.until("three TTLs", SOON, () -> System.nanoTime() - paused > 3 * fabric.ttl().toNanos());
      }
    } finally {
      resumed = System.nanoTime();
      holder.resume();
    }
    if (held) {
      String lost = "lease lost lease=" + CoordinatedFabric.LEASE + " token=" + last.token() + " ";
      Await.until(holder.name() + " to say that it lost its lease", SOON, () -> holder.log().contains(lost));
      assertThat(fabric.record().attempts()).as("it was never told again that it holds, and nothing that was under way took effect")
          .filteredOn(a -> a.token() == last.token())
          .noneMatch(a -> a.asked() - resumed > 0)
          .noneMatch(a -> a.accepted() && a.arrived() - resumed > 0);
    }
    fabric.awaitActing(SOON);
    return held;
  }

  @Test
  void aKilledHolderIsFollowed() {
    Attempt last = fabric.latest();
    NodeProcess holder = fabric.node(last.node());
    holder.kill();
    assertThat(holder.isAlive()).isFalse();
    long killed = System.nanoTime();
    fabric.awaitOther(last, SOON);
    assertThat(fabric.record().attempts()).filteredOn(a -> a.node().equals(holder.name())).noneMatch(a -> a.asked() - killed > 0);
    holder.start().awaitReady();
  }

  /** The run that was under way ends with the old bundle; those after it are one node's each. */
  @Test
  void aJobThatIsSwappedDuringARunGoesOnOnOneNode() throws IOException {
    Attempt last = fabric.latest();
    fabric.node(last.node()).ask("bundle:update", JOB, "--yes").orFail();
    long swapped = System.nanoTime();
    Await.until("a run after the swap", SOON,
        () -> fabric.record().latest(a -> a.asked() - swapped > 0 && a.period().isAfter(last.period())).isPresent());
    Map<Instant, Set<String>> actors = fabric.record().attempts().stream().filter(a -> a.accepted() && a.period().isAfter(last.period()))
        .collect(Collectors.groupingBy(Attempt::period, Collectors.mapping(Attempt::node, Collectors.toSet())));
    assertThat(actors.values()).allSatisfy(nodes -> assertThat(nodes).hasSize(1));
  }

  /** Each of its servers in turn, then all at once; nothing that was acknowledged may be gone. */
  @Test
  void aStoreThatIsKilledInTheMiddleOfWritesLosesNothing() {
    try (AcknowledgedWrites writes = writes(fabric)) {
      List<? extends Member> members = members();
      for (Member member : members.size() > 1 ? members : List.<Member>of()) {
        awaitMore(writes);
        member.kill();
        assertThat(member.isAlive()).isFalse();
        recovered(fabric, writes, recoveryMax()); // the others are enough
        member.start();
      }
      awaitMore(writes);
      members.forEach(Member::kill);
      assertThat(members).noneMatch(Member::isAlive);
      members.forEach(Member::start);
      recovered(fabric, writes, recoveryMax());
      assertNothingLost(fabric, writes);
    }
  }

  /** While it stands still, everybody stops; whoever held it knows when. */
  @Test
  void whileTheStoreStandsStillNobodyActs() {
    try (AcknowledgedWrites writes = writes(fabric)) {
      awaitMore(writes);
      List<? extends Member> silenced = enoughToSilence();
      silenced.forEach(Member::pause);
      long paused = System.nanoTime();
      long after = paused + fabric.ttl().toNanos();
      Await.until("three TTLs", SOON, () -> System.nanoTime() - paused > 3 * fabric.ttl().toNanos());
      long resumed = System.nanoTime();
      silenced.forEach(Member::resume);
      assertThat(fabric.record().attempts()).as("who holds longer than the TTL without a word from the store")
          .noneMatch(a -> a.asked() - after > 0 && a.asked() - resumed < 0);
      recovered(fabric, writes, recoveryMax());
      assertNothingLost(fabric, writes);
    }
  }

  /** Of keys that no other test wrote: what was lost must not be hidden by what was there before. */
  static AcknowledgedWrites writes(CoordinatedFabric fabric) {
    return new AcknowledgedWrites("kept/" + System.nanoTime() + "/", fabric.nodes(), "x");
  }

  static void awaitMore(AcknowledgedWrites writes) {
    int before = writes.count();
    Await.until(WRITES + " more acknowledged writes", SOON, () -> writes.count() >= before + WRITES);
  }

  /** Somebody acts, and the store takes writes. */
  static void recovered(CoordinatedFabric fabric, AcknowledgedWrites writes, Duration most) {
    int before = writes.count();
    long from = System.nanoTime();
    fabric.awaitActing(most);
    Duration left = most.minusNanos(System.nanoTime() - from);
    Await.until("a write to be acknowledged", left, () -> writes.count() > before);
  }

  static void assertNothingLost(CoordinatedFabric fabric, AcknowledgedWrites writes) {
    AtomicReference<List<String>> missing = new AtomicReference<>();
    Await.until("an answer of the store", RECOVERY_MAX, () -> {
      try {
        missing.set(writes.missingAt(fabric.actor()));
        return true;
      } catch (IOException | AssertionError unanswered) {
        return false; // a read may fail, as when the store changes its leader; what it says is what counts
      }
    });
    assertThat(missing.get()).as("acknowledged, and gone").isEmpty();
  }
}
