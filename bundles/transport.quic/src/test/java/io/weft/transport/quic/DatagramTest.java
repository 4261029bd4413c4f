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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What was taken is sent; what cannot be is dropped here, said and counted. */
class DatagramTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();

  private final class Counting implements LinkHandler {

    @Override
    public StreamHandler stream(Stream stream) {
      return new Swallow();
    }

    @Override
    public void datagram(ByteBuf payload) {
      if (payload.readInt() != payload.readableBytes()) {
        wrong.incrementAndGet();
      }
      payload.release();
      arrived.incrementAndGet();
    }

    @Override
    public void closed(Reason reason, boolean byPeer) {}
  }

  private static final class Swallow implements StreamHandler {

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void finished(Stream stream) {
      stream.finish();
    }

    @Override
    public void reset(Stream stream, int code) {}

    @Override
    public void writable(Stream stream) {}

    @Override
    public void closed(Stream stream) {}
  }

  private static ByteBuf datagram(int size) {
    return Unpooled.directBuffer(size).writeInt(size - 4).writeZero(size - 4);
  }

  /** What gets lost here got lost in the nodes. */
  private LinkedNodes nodes(LinkLimits limits) throws Exception {
    return LinkedNodes.lossless(limits, new Counting(), link -> new Counting());
  }

  private LinkedNodes nodes() throws Exception {
    return nodes(LinkLimits.DEFAULT);
  }

  /** Sends all at once and says how many were taken. */
  private static int burst(Link link, int count, int size) throws Exception {
    return LinkedNodes.on(link, () -> {
      int taken = 0;
      for (int i = 0; i < count; i++) {
        taken += link.sendDatagram(datagram(size)) ? 1 : 0;
      }
      return taken;
    });
  }

  @Test
  void losesNothingOfABurstThatItTook() throws Exception {
    try (LinkedNodes nodes = nodes()) {
      int taken = 0;
      for (int size : new int[] {1_000, 20, 700, 4}) {
        taken += burst(nodes.nearLink, 3_000, size);
        int sum = taken;
        Await.until("all that were taken", SOON, () -> arrived.get() == sum);
      }
      assertThat(taken).isBetween(4 * 128, 11_999);
      assertThat(wrong.get()).isZero();
      long dropped = 12_000 - taken;
      assertThat(nodes.near.transport().counters()).containsEntry("datagrams_dropped", dropped)
          .containsEntry("datagrams_sent", (long) taken);
      Await.until("the link's count", SOON, () -> nodes.nearLink.stats().datagramsDropped() == dropped);
    }
  }

  @Test
  void losesNothingWhileStreamsTakeWhatTheyCan() throws Exception {
    try (LinkedNodes nodes = nodes()) {
      Link link = nodes.nearLink;
      Greedy greedy = new Greedy();
      link.loop().execute(() -> link.openStream(greedy).thenAccept(greedy::writable));
      int taken = 0;
      for (int i = 0; i < 50; i++) {
        taken += burst(link, 40, 1_000);
        int sum = taken;
        Await.until("all that were taken", SOON, () -> arrived.get() == sum);
      }
      assertThat(taken).isEqualTo(2_000);
    }
  }

  private static final class Greedy implements StreamHandler {

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void finished(Stream stream) {}

    @Override
    public void reset(Stream stream, int code) {}

    @Override
    public void writable(Stream stream) {
      while (stream.isWritable()) {
        stream.write(Unpooled.directBuffer(16_384).writeZero(16_384));
      }
      stream.flush();
    }

    @Override
    public void closed(Stream stream) {}
  }

  @Test
  void carriesFiveThousandASecond() throws Exception {
    // On a busy machine the sender wakes up late and then sends all that it missed.
    LinkLimits patient = new LinkLimits(8, Duration.ofSeconds(10), Duration.ofSeconds(30), 5_000);
    try (LinkedNodes nodes = nodes(patient)) {
      Link link = nodes.nearLink;
      AtomicInteger taken = new AtomicInteger();
      var ticks = link.loop().scheduleWithFixedDelay(() -> {
        for (int i = 0; i < 10; i++) {
          taken.addAndGet(link.sendDatagram(datagram(1_200)) ? 1 : 0);
        }
      }, 0, 2, TimeUnit.MILLISECONDS);
      Await.until("5,000", SOON, () -> taken.get() >= 5_000);
      ticks.cancel(false);
      Await.until("all that were taken", SOON, () -> arrived.get() == taken.get());
      assertThat(nodes.near.transport().counters()).containsEntry("datagrams_dropped", 0L);
    }
  }

  @Test
  void takesWhatFitsAndNoMore() throws Exception {
    try (LinkedNodes nodes = new LinkedNodes(
        QuicNode.Config.LOOPBACK, Tuning.GUARDED, LinkLimits.DEFAULT, -1, new Counting(), link -> new Counting())) {
      int max = nodes.nearLink.datagramMax();
      assertThat(max).isBetween(1_200, 1_350);
      assertThat(burst(nodes.nearLink, 1, max)).isEqualTo(1);
      assertThat(burst(nodes.nearLink, 1, max + 1)).isZero();
      Await.until("the largest", SOON, () -> arrived.get() == 1);
    }
  }
}
