package io.weft.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.coordination.Seat;
import io.weft.coordination.SeatInfo;
import io.weft.testkit.ManualTime;
import io.weft.testkit.dcs.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupsTest {

  private final ManualTime time = new ManualTime();
  private final MemoryStore store = new MemoryStore(time, time);
  private final TestNode a = new TestNode("a", store, time);
  private final TestNode b = new TestNode("b", store, time);

  @Test
  void eachGetsANumberOfItsOwn() {
    List<Seat> seats = IntStream.range(0, 5).mapToObj(i -> (i % 2 == 0 ? a : b).seats.claim("g", "i" + i, 5).join()).toList();
    assertThat(seats.stream().map(Seat::ordinal)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    assertThat(seats).allMatch(Seat::isHeld);
    assertThat(a.seats.list("g").toCompletableFuture().join()).extracting(SeatInfo::instance).containsExactly("i0", "i1", "i2",
        "i3", "i4");
  }

  @Test
  void whoIsTooManyWaitsUntilOneIsGone() {
    Seat first = a.seats.claim("g", "one", 1).join();
    CompletableFuture<Seat> second = b.seats.claim("g", "two", 1);
    time.advance(Duration.ofMinutes(1));
    assertThat(second).isNotDone();
    a.kill();
    time.advance(TestNode.TTL.multipliedBy(2));
    assertThat(second).isCompleted();
    assertThat(first.isHeld()).isFalse();
    assertThat(second.join().token()).isGreaterThan(first.token());
  }

  @Test
  void whoComesBackGetsItsOldNumber() {
    Seat zero = a.seats.claim("g", "zero", 3).join();
    Seat one = b.seats.claim("g", "one", 3).join();
    zero.release();
    one.release();
    assertThat(a.seats.claim("g", "two", 3).join().ordinal()).as("a fresh number before that of another").isEqualTo(2);
    assertThat(b.seats.claim("g", "one", 3).join().ordinal()).isEqualTo(1);
    assertThat(a.seats.claim("g", "zero", 3).join().ordinal()).isZero();
  }

  @Test
  void whoComesBackTooSoonWaitsForItself() {
    Seat before = a.seats.claim("g", "me", 3).join();
    a.kill();
    CompletableFuture<Seat> again = new TestNode("a", store, time).seats.claim("g", "me", 3);
    assertThat(again).isNotDone();
    time.advance(TestNode.TTL.multipliedBy(2));
    assertThat(again.join().ordinal()).isEqualTo(before.ordinal());
  }

  @Test
  void cancellingStopsWaiting() {
    Seat held = a.seats.claim("g", "one", 1).join();
    CompletableFuture<Seat> waiting = b.seats.claim("g", "two", 1);
    waiting.cancel(false);
    held.release();
    time.advance(Duration.ofMinutes(1));
    assertThat(a.seats.list("g").toCompletableFuture().join()).noneMatch(SeatInfo::held);
    assertThat(store.sessions()).isEmpty();
  }
}
