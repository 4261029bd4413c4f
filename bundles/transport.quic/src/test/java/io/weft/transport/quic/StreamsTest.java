package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.testkit.Await;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Many streams, short ones and cut ones: all of them end, and nothing of them stays. */
class StreamsTest {

  private static final Duration LONG = Duration.ofSeconds(100);
  private static final LinkLimits SIXTEEN = new LinkLimits(16, Duration.ofSeconds(10), Duration.ofSeconds(30), 128);

  private final AtomicReference<Reason> end = new AtomicReference<>();

  /** Answers each stream with an end of its own. */
  private class Far implements LinkHandler {

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger resets = new AtomicInteger();

    @Override
    public StreamHandler stream(Stream stream) {
      most.accumulateAndGet(open.incrementAndGet(), Math::max);
      return new Ending(() -> {
        open.decrementAndGet();
      }, resets);
    }

    @Override
    public void datagram(ByteBuf payload) {
      payload.release();
    }

    @Override
    public void closed(Reason reason, boolean byPeer) {
      end.compareAndSet(null, reason);
    }
  }

  private record Ending(Runnable onClosed, AtomicInteger resets) implements StreamHandler {

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void finished(Stream stream) {
      stream.finish();
    }

    @Override
    public void reset(Stream stream, int code) {
      resets.incrementAndGet();
    }

    @Override
    public void writable(Stream stream) {}

    @Override
    public void closed(Stream stream) {
      onClosed.run();
    }
  }

  /** Opens streams one after the other, up to the limit at once, and ends or cuts them. */
  private static final class Opener {

    private final Link link;
    private final int goal;
    private final boolean cut;
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger resets = new AtomicInteger();
    private int begun;

    Opener(Link link, int goal, boolean cut) {
      this.link = link;
      this.goal = goal;
      this.cut = cut;
    }

    void more() {
      boolean room = true;
      while (room && begun < goal && begun - closed.get() < 16) {
        room = open();
      }
    }

    private boolean open() {
      Ending ending = new Ending(() -> {
        closed.incrementAndGet();
        link.loop().execute(this::more);
      }, resets);
      CompletableFuture<Stream> opening = link.openStream(ending);
      if (opening.isCompletedExceptionally()) {
        // A stream that was cut here is still on its way out there.
        link.loop().schedule(this::more, 1, TimeUnit.MILLISECONDS);
        return false;
      }
      Stream stream = opening.join();
      stream.write(Unpooled.directBuffer(100).writeZero(100));
      stream.flush();
      if (cut && begun % 2 == 0) {
        stream.reset(7);
      } else {
        stream.finish();
      }
      begun++;
      return true;
    }
  }

  private void run(double loss, int goal, boolean cut) throws Exception {
    Far far = new Far();
    try (LinkedNodes nodes = new LinkedNodes(QuicNode.Config.LOOPBACK, Tuning.GUARDED, SIXTEEN, loss, new Far(), link -> far)) {
      Opener opener = new Opener(nodes.nearLink, goal, cut);
      nodes.nearLink.loop().execute(opener::more);
      Await.until(goal + " streams", LONG, () -> opener.closed.get() == goal);
      assertThat(end.get()).isNull();
      assertThat(far.most.get()).isLessThanOrEqualTo(16);
      assertThat(nodes.far.transport().counters()).containsEntry("streams_refused_over_limit", 0L);
      Await.until("nothing left", LONG, () -> far.open.get() == 0 && left(nodes.nearLink) == 0 && left(nodes.farLink) == 0);
      assertThat(opener.resets.get()).isZero();
    }
  }

  private static int left(Link link) throws Exception {
    return LinkedNodes.on(link, () -> ((QuicLink) link).streams());
  }

  @Test
  void carriesTwentyThousandShortStreams() throws Exception {
    run(-1, 20_000, false);
  }

  @Test
  void carriesShortStreamsThroughLoss() throws Exception {
    run(0.05, 5_000, false);
  }

  @Test
  void forgetsStreamsThatWereCut() throws Exception {
    run(-1, 5_000, true);
  }

  @Test
  void forgetsStreamsThatWereCutDespiteLoss() throws Exception {
    run(0.05, 2_000, true);
  }
}
