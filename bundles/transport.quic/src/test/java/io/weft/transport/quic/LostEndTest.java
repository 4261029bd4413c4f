package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.testkit.Await;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The end of a stream arrives, also when it was alone in a packet that was lost. */
class LostEndTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Duration DELAY = Duration.ofMillis(100);

  /** Remembers what it hears, and ends its direction first if it is told to. */
  private record Ear(boolean endsFirst, AtomicInteger data, CountDownLatch end, CountDownLatch over)
      implements StreamHandler, LinkHandler {

    Ear(boolean endsFirst) {
      this(endsFirst, new AtomicInteger(), new CountDownLatch(1), new CountDownLatch(1));
    }

    @Override
    public StreamHandler stream(Stream stream) {
      return this;
    }

    @Override
    public void datagram(ByteBuf payload) {
      payload.release();
    }

    @Override
    public void closed(Reason reason, boolean byPeer) {}

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      data.addAndGet(bytes.readableBytes());
      bytes.release();
      if (endsFirst) {
        stream.finish();
      }
    }

    @Override
    public void finished(Stream stream) {
      end.countDown();
    }

    @Override
    public void reset(Stream stream, int code) {}

    @Override
    public void writable(Stream stream) {}

    @Override
    public void closed(Stream stream) {
      over.countDown();
    }
  }

  /** The codec alone does not: {@code CodecFaultsTest.anEndAloneInALostPacketIsNeverSentAgain}. */
  @Test
  void comesAgain() throws Exception {
    Ear near = new Ear(false);
    Ear far = new Ear(true);
    try (LinkedNodes nodes =
        new LinkedNodes(QuicNode.Config.LOOPBACK, Tuning.GUARDED, LinkLimits.DEFAULT, 0, DELAY, new Ear(false), link -> far)) {
      Stream stream = LinkedNodes.on(nodes.nearLink, () -> nodes.nearLink.openStream(near)).get(10, TimeUnit.SECONDS);
      send(nodes, stream);
      assertThat(near.end.await(10, TimeUnit.SECONDS)).isTrue();
      send(nodes, stream);
      Await.until("the rest", SOON, () -> far.data.get() == 200);
      // All bytes are there, and the news of that is on its way, when the end gets lost.
      nodes.relay.cutOut(true);
      LinkedNodes.on(nodes.nearLink, () -> {
        stream.finish();
        return null;
      });
      Await.until("the loss", SOON, () -> nodes.relay.lost() > 0);
      nodes.relay.cutOut(false);
      assertThat(far.end.await(20, TimeUnit.SECONDS)).as("the end").isTrue();
      assertThat(far.over.await(10, TimeUnit.SECONDS)).as("over there").isTrue();
      assertThat(near.over.await(10, TimeUnit.SECONDS)).as("over here").isTrue();
    }
  }

  private static void send(LinkedNodes nodes, Stream stream) throws Exception {
    LinkedNodes.on(nodes.nearLink, () -> {
      stream.write(Unpooled.wrappedBuffer(new byte[100]));
      stream.flush();
      return null;
    });
  }
}
