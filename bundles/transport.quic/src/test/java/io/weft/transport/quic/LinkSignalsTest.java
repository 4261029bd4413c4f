package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weft.testkit.Fuzz;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkSignalsTest {

  private static final class Seen implements LinkSignals.Receiver {

    private final List<String> events = new ArrayList<>();

    @Override
    public void ready(int streamsMax) {
      events.add("ready " + streamsMax);
    }

    @Override
    public void cut(long stream, int code) {
      events.add("cut " + stream + " " + code);
    }

    @Override
    public void cutSeen(long stream) {
      events.add("seen " + stream);
    }

    @Override
    public void broken(String how) {
      events.add("broken");
    }
  }

  private static List<String> read(int chunk, byte[]... frames) {
    Seen seen = new Seen();
    LinkSignals signals = new LinkSignals(seen);
    ByteBuf all = Unpooled.wrappedBuffer(frames);
    while (all.isReadable()) {
      signals.data(Unpooled.copiedBuffer(all.readSlice(Math.min(chunk, all.readableBytes()))));
    }
    return seen.events;
  }

  private static byte[] bytes(ByteBuf frame) {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }

  private static final byte[] READY = bytes(LinkSignals.ready(257));
  private static final byte[] CUT = bytes(LinkSignals.cut(1L << 40, -7));
  private static final byte[] SEEN = bytes(LinkSignals.cutSeen(12));

  @Test
  void readsWhatItWrites() {
    for (int chunk = 1; chunk < 40; chunk++) {
      assertThat(read(chunk, READY, CUT, SEEN, CUT))
          .containsExactly("ready 257", "cut 1099511627776 -7", "seen 12", "cut 1099511627776 -7");
    }
  }

  @Test
  void skipsWhatTheFutureBrings() {
    assertThat(read(3, READY, new byte[] {(byte) 200, 2, 1, 1}, new byte[] {(byte) 128, 0}, SEEN))
        .containsExactly("ready 257", "seen 12");
  }

  @Test
  void refusesWhatIsAgainstTheRules() {
    assertThat(read(50, CUT)).containsExactly("broken");
    assertThat(read(50, READY, READY)).containsExactly("ready 257", "broken");
    assertThat(read(50, READY, new byte[] {9, 0}, SEEN)).containsExactly("ready 257", "broken");
    assertThat(read(50, READY, new byte[] {3, 7, 0, 0, 0, 0, 0, 0, 0}, SEEN)).containsExactly("ready 257", "broken");
    assertThat(read(50, new byte[] {1, 5, 2, 0, 0, 1, 1})).containsExactly("broken");
    assertThat(read(50, new byte[] {1, 5, 1, 0, 0, 0, 0})).containsExactly("broken");
    assertThat(read(50, new byte[] {1, 5, 1, -1, -1, -1, -1})).containsExactly("broken");
    Seen seen = new Seen();
    new LinkSignals(seen).finished();
    assertThat(seen.events).containsExactly("broken");
  }

  @Test
  void readsAnything() {
    new Fuzz(1, List.of(READY, CUT, SEEN), 600).run(100_000, PacketHeadTest.NeverThrown.class, bytes -> read(100, READY, bytes));
  }
}
