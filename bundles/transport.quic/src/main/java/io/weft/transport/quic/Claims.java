package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.DatagramPort.PacketHandler;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gets all packets from one address. Outlives a change of the port. Any thread. */
final class Claims {

  static final int MAX = 1_024;

  private static final Logger log = LoggerFactory.getLogger(Claims.class);

  /** No record: each is its own, even if one handler claims twice. */
  private static final class Claim {

    private final PacketHandler handler;

    Claim(PacketHandler handler) {
      this.handler = handler;
    }
  }

  private final Map<InetSocketAddress, Claim> claims = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  Registration add(InetSocketAddress source, PacketHandler handler) {
    Claim claim = new Claim(handler);
    if (claims.put(source, claim) == null && count.incrementAndGet() > MAX) {
      remove(source, claim);
      throw new IllegalStateException("there are " + MAX + " claims already");
    }
    return () -> remove(source, claim);
  }

  private void remove(InetSocketAddress source, Claim claim) {
    if (claims.remove(source, claim)) {
      count.decrementAndGet();
    }
  }

  /** Whether somebody who claimed its source took it. */
  boolean offer(ByteBuf packet, InetSocketAddress from) {
    if (claims.isEmpty()) {
      return false;
    }
    Claim claim = claims.get(from);
    if (claim == null) {
      return false;
    }
    try {
      return claim.handler.packet(packet, from);
    } catch (RuntimeException e) {
      log.error("packet handler failed", e);
      return true;
    }
  }
}
