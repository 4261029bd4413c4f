package io.weft.transport;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Gets a channel's events, on its loop, in order; {@link #closed} last, exactly once. Must return at once. */
@ConsumerType
public interface RawChannelHandler {

  /** Bytes arrived. The buffer is the handler's to release; {@link RawChannel#consumed} says when it is done with them. */
  void data(RawChannel channel, ByteBuf bytes);

  /** A datagram arrived. The buffer is the handler's to release. */
  default void datagram(RawChannel channel, ByteBuf payload) {
    payload.release();
  }

  /** All that was there in this turn of the loop has been handed over. */
  default void readComplete(RawChannel channel) {}

  /** The peer half-closed; nothing was lost. */
  void finished(RawChannel channel);

  /** {@link RawChannel#isWritable} turned true again. */
  void writable(RawChannel channel);

  /** Over. The reason is null if both sides finished and nothing was lost. */
  void closed(RawChannel channel, @Nullable Reason reason);
}
