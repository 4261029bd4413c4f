package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Sessions: never early, never without the holder knowing first. */
abstract class DcsSessionStories extends DcsWatchStories {

  @Test
  void keysGoWithTheirSession() {
    Dcs dcs = dcs();
    Dcs other = dcs();
    Session session = session(dcs);
    put(dcs, key("mine"), "x", Expect.absent(), session);
    put(dcs, key("stays"), "y");
    assertThat(get(dcs, key("mine")).orElseThrow().session()).contains(session.id());
    assertThat(session.isAlive()).isTrue();

    done(session.close());
    assertThat(session.isAlive()).isFalse();
    assertThat(done(session.ended()).code()).isEqualTo("closed");
    Await.until("the key to go", goneWithin(dcs), () -> get(other, key("mine")).isEmpty());
    assertHolds(other, key("stays"), "y");
  }

  @Test
  void aSessionThatIsOverWritesNothing() {
    Dcs dcs = dcs();
    Session session = session(dcs);
    done(session.close());
    assertThat(tryPut(dcs, key("late"), "x", Expect.any(), session)).isInstanceOf(WriteResult.SessionLost.class);
    assertHolds(dcs, key("late"), null);
  }

  @Test
  void aReplacedKeyLeavesItsSession() {
    Dcs dcs = dcs();
    Session session = session(dcs);
    long revision = put(dcs, key("k"), "with", Expect.absent(), session);
    put(dcs, key("k"), "without", Expect.revision(revision), null);
    assertThat(get(dcs, key("k")).orElseThrow().session()).isEmpty();
    done(session.close());
    long after = put(dcs, key("marker"), "x");
    assertThat(after).isGreaterThan(revision);
    assertHolds(dcs, key("k"), "without");
  }

  @Test
  void aSessionLivesAsLongAsItsHolder() {
    Dcs dcs = dcs();
    Session session = session(dcs);
    put(dcs, key("k"), "x", Expect.absent(), session);
    long end = System.nanoTime() + ttl(dcs).multipliedBy(2).plus(ttl(dcs).dividedBy(2)).toNanos();
    while (System.nanoTime() < end) {
      assertThat(session.isAlive()).isTrue();
      assertThat(get(dcs, key("k"))).isPresent();
      LockSupport.parkNanos(ttl(dcs).toNanos() / 20);
    }
  }

  @Test
  void theHolderKnowsBeforeAnybodyElseCanWin() {
    DcsRig.Client holder = client();
    Dcs other = dcs();
    Session session = session(holder.dcs());
    put(holder.dcs(), key("k"), "holder", Expect.absent(), session);
    Session next = session(other);

    long blocked = System.nanoTime();
    holder.block();
    long lost = 0;
    WriteResult result = new WriteResult.Refused("not tried");
    long end = blocked + goneWithin(other).toNanos();
    while (!result.isDone() && System.nanoTime() < end) {
      if (lost == 0 && !session.isAlive()) {
        lost = System.nanoTime();
      }
      result = tryPut(other, key("k"), "next", Expect.absent(), next);
      if (result.isDone()) {
        assertThat(session.isAlive()).as("the holder when somebody else has won").isFalse();
      }
    }
    long won = System.nanoTime();
    assertThat(result).isInstanceOf(WriteResult.Done.class);
    assertThat(Duration.ofNanos(won - blocked)).as("never early: a third of the TTL may have passed since the last renewal")
        .isGreaterThan(ttl(other).multipliedBy(6).dividedBy(10));
    assertThat(session.isAlive()).isFalse();
    assertThat(session.ended().toCompletableFuture()).isCompleted();
  }

  @Test
  void aSessionThatWasLostStaysLost() {
    DcsRig.Client holder = client();
    Session session = session(holder.dcs());
    holder.block();
    Await.until("the holder to notice", ttl(holder.dcs()).plusSeconds(10), () -> !session.isAlive());
    holder.unblock();
    Dcs other = dcs();
    put(other, key("marker"), "x");
    assertThat(session.isAlive()).isFalse();
    WriteResult late = tryPut(holder.dcs(), key("k"), "late", Expect.any(), session);
    assertThat(late).as("its key must not outlive it for long").isNotNull();
    Await.until("nothing of a lost session to stay", goneWithin(other), () -> getIfServed(other, key("k")).isEmpty());
  }

  @Test
  void ttlsHaveBounds() {
    Dcs dcs = dcs();
    Duration least = dcs.capabilities().ttlMin();
    assertThatThrownBy(() -> dcs.open("x", least.minusMillis(1))).isInstanceOf(IllegalArgumentException.class);
    Duration most = dcs.capabilities().ttlMax();
    assertThatThrownBy(() -> dcs.open("x", most.plusMillis(1))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dcs.open("x".repeat(129), least)).isInstanceOf(IllegalArgumentException.class);
    Session a = session(dcs);
    Session b = session(dcs);
    assertThat(a.id()).isNotEqualTo(b.id());
    done(a.close());
    done(a.close());
    done(b.close());
  }
}
