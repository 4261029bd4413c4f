package io.weft.transport;

import io.netty.buffer.ByteBuf;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gets a stream's events, on its loop, in order: any number of {@code data}, then {@code finished} or {@code reset}, and
 * {@code closed} last, exactly once. Must return at once; what it throws is logged and resets the stream.
 */
@ConsumerType
public interface StreamHandler {

  /** Bytes arrived. The buffer is the handler's to release. */
  void data(Stream stream, ByteBuf bytes);

  /** Everything that was there to read in this turn of the loop has been handed over: a good moment to flush. */
  default void readComplete(Stream stream) {}

  /** The peer finished its direction; nothing was lost. */
  void finished(Stream stream);

  /** The peer cut the stream; bytes may be lost. */
  void reset(Stream stream, int code);

  /** {@link Stream#isWritable} turned true again. */
  void writable(Stream stream);

  /** Both directions are over, or the link is gone. */
  void closed(Stream stream);
}
