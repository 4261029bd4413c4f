package io.weft.transport.memory;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;

/** What crosses from one end of a link to the other. Streams are known by the number that their opener gave them. */
sealed interface Frame {

  /** Frees what it holds, if it is never delivered. */
  default void discard() {}

  record Bytes(long stream, ByteBuf content) implements Frame {

    @Override
    public void discard() {
      content.release();
    }
  }

  record Finish(long stream) implements Frame {}

  record Reset(long stream, int code) implements Frame {}

  /** The peer is through with a stream that we opened; it counts no longer. */
  record Retired(long stream) implements Frame {}

  record Datagram(ByteBuf content) implements Frame {

    @Override
    public void discard() {
      content.release();
    }
  }

  record Close(Reason reason) implements Frame {}
}
