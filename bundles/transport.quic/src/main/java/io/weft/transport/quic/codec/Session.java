package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One QUIC connection. On its loop only. */
public interface Session {

  /**
   * Opens a stream. The future is complete when this returns, unless the loop defers it; it fails if the peer's limit is reached
   * or the connection is over.
   */
  CompletableFuture<StreamPort> openStream(boolean twoWay, StreamEvents events);

  /** Puts one datagram into the codec's queue and sends what may be sent. Takes over the buffer. */
  void sendDatagram(ByteBuf payload);

  /** Closes at once and tells the peer the code and the reason, if TLS got far enough. Idempotent. */
  void close(int code, byte[] reason);

  /** Whether the codec really made a connection of it. */
  boolean isStarted();

  /** Null after the connection is gone. */
  @Nullable SessionStats stats();
}
