package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;

/** One QUIC stream to write to. On the loop of its connection. */
public interface StreamPort {

  long id();

  /** Whether both sides may write to it. */
  boolean twoWay();

  boolean isWritable();

  /**
   * Hands bytes to the codec, which sends what it may at once and keeps the rest. Takes over the buffer.
   *
   * @param last whether the direction ends behind these bytes
   */
  void write(ByteBuf bytes, boolean last);
}
