package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;

/** What happens to one stream. On the loop of its connection. */
public interface StreamEvents {

  /** Bytes arrived; the receiver releases them. */
  void data(ByteBuf bytes);

  /** All that was there has been handed over. */
  void readComplete();

  /** The peer sent its end of stream, and all before it was handed over. */
  void finished();

  /** The peer cut its direction with a RESET_STREAM. */
  void reset(long code);

  void writabilityChanged(boolean writable);

  /** Both directions ended, or the connection did. Last. */
  void closed();
}
