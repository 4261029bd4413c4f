package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.DatagramPort.PacketHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gets packets that are not QUIC. Outlives a change of the port. Any thread. */
final class PacketHandlers {

  private static final Logger log = LoggerFactory.getLogger(PacketHandlers.class);

  private final List<PacketHandler> handlers = new CopyOnWriteArrayList<>();

  Registration add(PacketHandler handler) {
    handlers.add(handler);
    return () -> handlers.remove(handler);
  }

  /** Whether somebody took it. */
  boolean offer(ByteBuf packet, InetSocketAddress from) {
    for (PacketHandler handler : handlers) {
      try {
        if (handler.packet(packet, from)) {
          return true;
        }
      } catch (RuntimeException e) {
        log.error("packet handler failed", e);
        return true;
      }
    }
    return false;
  }
}
