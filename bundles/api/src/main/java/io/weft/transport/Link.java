package io.weft.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.path.PathInfo;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The authenticated session with one peer, as its transport provides it. Ordered, reliable streams and unreliable datagrams.
 *
 * <p>Unless said otherwise, methods are called and handlers are called back on {@link #loop} only.
 *
 * <p>The transport reads eagerly: what arrives is handed to the {@link StreamHandler} at once, and no window of the transport ever
 * stops a sender. Bounding memory is the business of the mesh, which grants credit per channel
 * ({@code docs/adr/0004-credit-above-quic.md}).
 */
@ConsumerType
public interface Link {

  /** Who it is; proved. Any thread. */
  PeerIdentity peer();

  /** The name of the transport. Any thread. */
  String transport();

  /** Any thread. */
  PathInfo path();

  /** Whether this side opened it. Any thread. */
  boolean dialed();

  /** The loop that owns the link and its streams. Any thread. */
  EventLoop loop();

  /**
   * Opens a stream that both sides can write to. Completes when it may be written to, or exceptionally with {@link NoStream} if
   * the peer's limit is reached or the link closes. The peer learns of the stream with its first bytes, or its end.
   */
  CompletableFuture<Stream> openStream(StreamHandler handler);

  /** The largest payload that {@link #sendDatagram} takes now; 0 if the link has no datagrams. */
  int datagramMax();

  /**
   * Sends a datagram, or drops it, and takes over the buffer in any case. Boundaries are kept, order and delivery are not.
   *
   * @return false if it was dropped here: too large, or the queue is full; counted
   */
  boolean sendDatagram(ByteBuf payload);

  /** Any thread; values may lag by a second. */
  LinkStats stats();

  /** Closes at once: streams are cut, the peer is told the reason's code and detail. Idempotent. Any thread. */
  void close(Reason reason);

  /** Whether it is still open. Any thread. */
  boolean isOpen();
}
