package io.weft.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.coordination.Lease;
import io.weft.coordination.LeaseHolder;
import io.weft.coordination.LeaseInfo;
import io.weft.dcs.DcsUnavailable;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.testkit.ManualTime;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.testkit.dcs.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class LeasesTest {

  private final ManualTime time = new ManualTime();
  private final MemoryStore store = new MemoryStore(time, time);
  private final TestNode a = new TestNode("a", store, time);
  private final TestNode b = new TestNode("b", store, time);

  @Test
  void oneHoldsAndAllSeeWho() {
    Lease lease = a.leases.acquire("billing", TestNode.TTL).join();
    CompletableFuture<Lease> other = b.leases.acquire("billing", TestNode.TTL);
    time.advance(Duration.ofMinutes(1));

    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(TestNode.TTL);
    assertThat(other).isNotDone();
    LeaseInfo seen = b.leases.show("billing").toCompletableFuture().join().orElseThrow();
    assertThat(seen.owner()).isEqualTo("a");
    assertThat(seen.token()).isEqualTo(lease.token());
    assertThat(seen.remaining()).isEmpty();
    assertThat(a.leases.list().toCompletableFuture().join()).singleElement().satisfies(i ->
        assertThat(i.remaining()).isPresent());
  }

  @Test
  void releasedItIsTheNextOnesWithALargerToken() {
    Lease first = a.leases.acquire("x", TestNode.TTL).join();
    CompletableFuture<Lease> second = b.leases.acquire("x", TestNode.TTL);
    assertThat(first.release().toCompletableFuture().join().isDone()).isTrue();
    assertThat(first.isHeld()).isFalse();
    time.advance(Duration.ofSeconds(1));
    assertThat(second).isCompleted();
    assertThat(second.join().token()).isGreaterThan(first.token());
  }

  /** A process that was stopped does not run its timers; what it asks first when it goes on must be the truth. */
  @Test
  void whoWasStoppedNeverActsOnItsOldLease() {
    for (int i = 0; i < 50; i++) {
      MemoryStore shared = new MemoryStore(time, time);
      TestNode sleeper = new TestNode("sleeper", shared, time);
      Lease lease = sleeper.leases.acquire("x", TestNode.TTL).join();
      CompletableFuture<Lease> next = new TestNode("next", shared, time).leases.acquire("x", TestNode.TTL);
      sleeper.dcs.line(MemoryDcs.Line.LOSES_REQUESTS);
      time.advance(TestNode.TTL.multipliedBy(3));
      assertThat(lease.isHeld()).isFalse();
      assertThat(next).isCompleted();
      sleeper.dcs.line(MemoryDcs.Line.UP);
      time.advance(TestNode.TTL);
      assertThat(lease.isHeld()).isFalse();
      assertThat(next.join().isHeld()).isTrue();
    }
  }

  @Test
  void aKilledHoldersLeaseIsFreeAfterItsTtlAndNotBefore() {
    Lease lost = a.leases.acquire("x", TestNode.TTL).join();
    CompletableFuture<Lease> next = b.leases.acquire("x", TestNode.TTL);
    time.advance(Duration.ofSeconds(30));
    a.kill();
    time.advance(Duration.ofSeconds(6));
    assertThat(next).isNotDone();
    time.advance(Duration.ofSeconds(6));
    assertThat(next).isCompleted();
    assertThat(lost.isHeld()).isFalse();
  }

  @Test
  void whoContendsGetsItAgainAfterLosingIt() {
    List<String> heard = new ArrayList<>();
    Registration contending = a.leases.contend("x", TestNode.TTL, new LeaseHolder() {
      @Override
      public void gained(Lease lease) {
        heard.add("gained " + lease.isHeld());
      }

      @Override
      public void lost(Lease lease, Reason reason) {
        heard.add("lost " + lease.isHeld() + " " + reason.code());
      }
    });
    a.dcs.line(MemoryDcs.Line.LOSES_REQUESTS);
    time.advance(Duration.ofSeconds(30));
    a.dcs.line(MemoryDcs.Line.UP);
    time.advance(Duration.ofSeconds(30));
    assertThat(heard).containsExactly("gained true", "lost false deadline", "gained true");
    contending.close();
    time.advance(Duration.ofSeconds(1));
    assertThat(heard).hasSize(4).last().asString().startsWith("lost false");
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void anOperatorCanTakeItAway() {
    Lease lease = a.leases.acquire("x", TestNode.TTL).join();
    assertThat(b.leases.release("x", lease.token() + 1).toCompletableFuture().join().isDone()).isFalse();
    assertThat(b.leases.release("x", lease.token()).toCompletableFuture().join().isDone()).isTrue();
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void cancellingStopsWaitingAndLeavesNothing() {
    Lease lease = a.leases.acquire("x", TestNode.TTL).join();
    b.leases.acquire("x", TestNode.TTL).cancel(false);
    lease.release();
    time.advance(Duration.ofSeconds(30));
    assertThat(a.leases.list().toCompletableFuture().join()).isEmpty();
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void withoutADcsOneWaitsAndSeesWhy() {
    TestNode alone = new TestNode("alone", store, time);
    alone.current.remove(alone.dcs);
    CompletableFuture<Lease> waiting = alone.leases.acquire("x", TestNode.TTL);
    time.advance(Duration.ofMinutes(1));
    assertThat(waiting).isNotDone();
    assertThat(alone.leases.list().toCompletableFuture()).failsWithin(Duration.ofSeconds(1))
        .withThrowableOfType(ExecutionException.class).withCauseInstanceOf(DcsUnavailable.class).withMessageContaining("no DCS");
    alone.current.add(alone.dcs);
    assertThat(waiting).isCompleted();
  }

  @Test
  void whoeverChangesTheStoreChangesIt() {
    Lease there = a.leases.acquire("x", TestNode.TTL).join();
    CompletableFuture<Lease> waiting = b.leases.acquire("x", TestNode.TTL);
    MemoryStore other = new MemoryStore(time, time);
    MemoryDcs otherDcs = new MemoryDcs(other, Runnable::run);
    b.current.remove(b.dcs);
    b.current.add(otherDcs);
    time.advance(Duration.ofSeconds(10));
    assertThat(waiting).isCompleted();
    assertThat(there.isHeld()).isTrue();
    assertThat(other.sessions()).hasSize(1);
  }

  @Test
  void namesAreChecked() {
    for (String bad : List.of("", "A", "a//b", "/a", "a b", "../x")) {
      assertThatThrownBy(() -> a.leases.acquire(bad, TestNode.TTL)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
