package io.weft.path.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker;
import io.weft.testkit.Await;
import io.weft.testkit.RealTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  /** A checker that counts what its checks find. */
  private record Counting(Checker checker, AtomicInteger selected, AtomicInteger closed) implements Checker {

    @Override
    public Check start(Plan plan, CheckEvents events) {
      Check check = checker.start(plan, new CheckEvents() {

        @Override
        public void seen(InetSocketAddress from) {
          events.seen(from);
        }

        @Override
        public void valid(InetSocketAddress remote) {
          events.valid(remote);
        }

        @Override
        public void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
          selected.incrementAndGet();
          events.selected(remote, local, kind);
        }

        @Override
        public void pair(InetSocketAddress remote, String state) {
          events.pair(remote, state);
        }

        @Override
        public void failed(String why) {
          events.failed(why);
        }
      });
      return new Check() {

        @Override
        public void remote(io.weft.path.ice.check.RemoteAddress candidate) {
          check.remote(candidate);
        }

        @Override
        public void packet(io.netty.buffer.ByteBuf packet, InetSocketAddress from) {
          check.packet(packet, from);
        }

        @Override
        public void close() {
          closed.incrementAndGet();
          check.close();
        }
      };
    }
  }

  @Test
  void goesAllTheWayAndEnds() {
    try (RealTime time = new RealTime()) {
      ExecutorService workers = Executors.newCachedThreadPool();
      AgentChecker checker = new AgentChecker(time, workers);
      Counting counting = new Counting(checker, new AtomicInteger(), new AtomicInteger());
      Rehearsal.play(counting, time, workers);
      Await.until("both to select", Duration.ofSeconds(60), () -> counting.closed.get() >= 2);
      assertThat(counting.selected.get()).isEqualTo(2);
      checker.close();
      workers.shutdownNow();
    }
  }
}
