package io.weft.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One byte stream or datagram flow to a service, in Netty buffers, for those who copy bytes by the gigabyte. Others use
 * {@link io.weft.channel.Fabric}. On {@link #loop} only, unless said otherwise.
 *
 * <p>Flow control: the receiver holds at most the window that was granted to the sender; who takes bytes out calls
 * {@link #consumed} when it is really done with them, and that grants more. The window grows while the reader keeps up.
 */
@ProviderType
public interface RawChannel {

  /** Unique on this node while it runs. Any thread. */
  long id();

  /** Any thread. */
  PeerIdentity peer();

  /** Any thread. */
  String service();

  /** Any thread. */
  ChannelKind kind();

  /** What the opener said of where it comes from, such as {@code tcp:127.0.0.1:53412}; for people and for stable ports. Any thread. */
  String origin();

  /** Any thread. */
  EventLoop loop();

  /** Replaces the handler. */
  void handler(RawChannelHandler handler);

  /** On a channel that a peer opened: takes it. Data that came already follows. Nothing is delivered before. */
  void accept();

  /** On a channel that a peer opened and nobody took: turns it down; the opener sees the outcome and the detail. */
  void refuse(ChannelOutcome outcome, String detail);

  /** Whether window and transport allow more. If not, {@link RawChannelHandler#writable} follows when they do. */
  boolean isWritable();

  /** Queues bytes and takes over the buffer; who was told to wait and still writes more than 1 MiB has its channel aborted. */
  void write(ByteBuf bytes);

  /** Sends what was queued. */
  void flush();

  /** The handler is done with this many bytes that it was given. */
  void consumed(int bytes);

  /** Sends one datagram of at most 65,507 bytes, boundaries kept, or drops it and counts. Takes over the buffer. Datagram flows only. */
  void sendDatagram(ByteBuf payload);

  /** Half-close: no more bytes from here, after all that was written. Idempotent. */
  void finish();

  /**
   * Cuts both directions. Idempotent. The peer's handler is closed with the code of this reason if it is one that travels
   * ({@code connection_reset}, {@code timeout}, {@code cancelled}, {@code target_dead}, {@code leaving}, {@code overflow},
   * {@code flow_violation}, {@code protocol}, {@code internal_error}), else with {@code aborted}; the detail stays here.
   */
  void abort(Reason reason);
}
