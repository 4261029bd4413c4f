package io.weft.transport;

import io.netty.buffer.ByteBuf;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One ordered, reliable byte stream in each direction on a link. On the link's loop only.
 *
 * <p>Writing never fails: after the stream is gone, buffers are released and nothing happens, because
 * {@link StreamHandler#closed} says so anyway.
 */
@ConsumerType
public interface Stream {

  /** The link it belongs to. */
  Link link();

  /** Whether the transport wants more. If not, {@link StreamHandler#writable} is called when it does again. */
  boolean isWritable();

  /**
   * Queues bytes and takes over the buffer. May be called while not writable: then the bytes wait here, so who ignores
   * {@link #isWritable} without a bound of its own wastes memory.
   */
  void write(ByteBuf bytes);

  /** Sends what was queued. */
  void flush();

  /** Ends this direction after everything that was written. Further writes are dropped. Idempotent. */
  void finish();

  /** Cuts both directions at once and discards what was queued; the peer's handler sees {@code reset}. Idempotent. */
  void reset(int code);
}
