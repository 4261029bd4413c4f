package io.weft.transport;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import org.osgi.annotation.versioning.ConsumerType;

/** Gets a link's events, on its loop. Must return at once; what it throws is logged and closes the link. */
@ConsumerType
public interface LinkHandler {

  /** The peer opened a stream. Returns who gets its events. */
  StreamHandler stream(Stream stream);

  /** A datagram arrived. The buffer is the handler's to release. */
  void datagram(ByteBuf payload);

  /**
   * The link is gone: closed here or there, or silent for too long. Called exactly once, after {@link StreamHandler#closed} of all
   * its streams.
   *
   * @param byPeer whether the peer closed it and gave the reason
   */
  void closed(Reason reason, boolean byPeer);
}
