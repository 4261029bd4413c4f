package io.weft.transport.quic.codec;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a connection that closes gets its buffers from: so many, and then no more. The codec asks its QUIC for packets until there are
 * none; a client that closes after TLS but before the server confirmed the handshake now and then makes acknowledgements for ever, and
 * with them the loop would never come back.
 */
final class ClosingAllocator extends AbstractByteBufAllocator {

  /** A good close takes one or two; what waits on streams is dropped. */
  static final int MAX = 256;

  private final ByteBufAllocator buffers;
  private int given;

  ClosingAllocator(ByteBufAllocator buffers) {
    super(true);
    this.buffers = buffers;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initial, int max) {
    return buffers.heapBuffer(initial, max);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initial, int max) {
    if (++given > MAX) {
      throw new IllegalStateException("a connection that closes sent " + MAX + " packets and more");
    }
    return buffers.directBuffer(initial, max);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return buffers.isDirectBufferPooled();
  }
}
