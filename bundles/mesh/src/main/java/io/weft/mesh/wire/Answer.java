package io.weft.mesh.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.channel.ChannelOutcome;
import org.jspecify.annotations.Nullable;

/** What the peer says to a channel that was opened to it, before any payload. */
public record Answer(ChannelOutcome outcome, String detail) {

  private static final ChannelOutcome[] OUTCOMES = ChannelOutcome.values();

  public ByteBuf encode(ByteBufAllocator allocator) {
    ByteBuf out = allocator.directBuffer(2 + Text.MAX);
    out.writeByte(outcome.ordinal());
    Text.write(out, detail);
    return out;
  }

  /** Reads an answer, or returns null and reads nothing if it is not all there yet. */
  public static @Nullable Answer decode(ByteBuf in) {
    int start = in.readerIndex();
    int there = in.readableBytes();
    if (there > 0 && in.getUnsignedByte(start) >= OUTCOMES.length) {
      throw new ProtocolError("this outcome is not known");
    }
    if (there < 2 || there < 2 + in.getUnsignedByte(start + 1)) {
      return null;
    }
    return new Answer(OUTCOMES[in.readUnsignedByte()], Text.read(in));
  }
}
