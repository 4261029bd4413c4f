package org.example.tlslinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.testkit.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the peer may say, and what it may not. */
class FramesTest {

  private static final int HEADER = 11;

  @Test
  void aReasonArrivesAsItWas() {
    Reason reason = Reason.of("test_reason", "détail");
    ByteBuf frame = Frames.close(ByteBufAllocator.DEFAULT, reason);
    assertThat(Frames.reason(frame.skipBytes(HEADER))).isEqualTo(reason);
    frame.release();
  }

  @Test
  void numbersAreFourBytesAndNotNegative() {
    ByteBuf frame = Frames.number(ByteBufAllocator.DEFAULT, Frames.RESET, 7, Integer.MAX_VALUE);
    assertThat(frame.readableBytes()).isEqualTo(HEADER + 4);
    assertThat(Frames.number(frame.skipBytes(HEADER))).isEqualTo(Integer.MAX_VALUE);
    frame.release();
    assertThatThrownBy(() -> Frames.number(Unpooled.wrappedBuffer(new byte[] {-1, 0, 0, 0}))).isInstanceOf(Frames.MalformedFrame.class);
    assertThatThrownBy(() -> Frames.number(Unpooled.EMPTY_BUFFER)).isInstanceOf(Frames.MalformedFrame.class);
  }

  @Test
  void strangeReasonsAreNoMoreThanMalformed() {
    byte[] good = {4, 'c', 'o', 'd', 'e', 'd', 'e', 't'};
    new Fuzz(7, List.of(good), 600).run(100_000, Frames.MalformedFrame.class, bytes -> Frames.reason(Unpooled.wrappedBuffer(bytes)));
  }
}
