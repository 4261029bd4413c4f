package io.weft.dcs.raft.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Fuzz;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

  private static final int MOST = 4_096;

  @Test
  void framesAreCutWhereverTheBytesAre() {
    byte[] bytes = bytes(new Frame(Frame.Kind.REQUEST, 7, 3, new byte[1_000]), new Frame(Frame.Kind.ANSWER, 8, 0, new byte[0]));
    for (int step : new int[] {1, 3, 500, bytes.length}) {
      List<Frame> frames = new ArrayList<>();
      FrameDecoder decoder = new FrameDecoder(MOST);
      for (int at = 0; at < bytes.length; at += step) {
        decoder.feed(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)), frames::add);
      }
      assertThat(frames).hasSize(2);
      assertThat(frames.get(0).payload()).hasSize(1_000);
      assertThat(frames.get(1).call()).isEqualTo(8);
    }
  }

  @Test
  void lengthsHaveABound() {
    assertThatThrownBy(() -> new FrameDecoder(MOST).feed(ByteBuffer.wrap(new byte[] {0x7f, 0, 0, 0}), f -> {}))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4096");
  }

  @Test
  void whateverElseComesIsRefused() {
    List<byte[]> samples = List.of(bytes(new Frame(Frame.Kind.REQUEST, 7, 3, new byte[40])),
        bytes(new Frame(Frame.Kind.FAILURE, 1, 2, new byte[3]), new Frame(Frame.Kind.ANSWER, 2, 0, new byte[9])));
    new Fuzz(2, samples, 512).run(100_000, IllegalArgumentException.class,
        input -> new FrameDecoder(MOST).feed(ByteBuffer.wrap(input), Failures::decode));
  }

  private static byte[] bytes(Frame... frames) {
    ByteBuffer out = ByteBuffer.allocate(MOST);
    for (Frame frame : frames) {
      frame.write(out);
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }
}
