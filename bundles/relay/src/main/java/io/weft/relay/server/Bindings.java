package io.weft.relay.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.weft.support.stun.Stun;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients what their address looks like from here (RFC 8489), and, if there is a second address, lets them find out what their NAT
 * lets through (RFC 5780). Anybody may ask, so answers are bounded per second and hardly longer than what was asked.
 */
final class Bindings {

  private static final int CHANGE_IP = 4;
  private static final int CHANGE_PORT = 2;
  private static final Set<Integer> KNOWN = Set.of(
      Stun.USERNAME, Stun.MESSAGE_INTEGRITY, Stun.REALM, Stun.NONCE, Stun.CHANGE_REQUEST);

  private final Counters counters;
  private final Strangers strangers;
  // By address and port: [first, second][first, second]; all null but the first if there is no second address.
  private final @Nullable Channel[][] sockets = new Channel[2][2];

  Bindings(Counters counters, Strangers strangers) {
    this.counters = counters;
    this.strangers = strangers;
  }

  /** @param ip 0 or 1: which of the addresses, as is {@code port} */
  void socket(int ip, int port, Channel channel) {
    sockets[ip][port] = channel;
  }

  /** Over UDP. Any of our loops: they are the same. */
  void answer(StunMessage request, InetSocketAddress from, Channel at, long now) {
    long change = Math.max(0, request.number(Stun.CHANGE_REQUEST));
    Channel out = at;
    if (change != 0) {
      out = other(at, (change & CHANGE_IP) != 0, (change & CHANGE_PORT) != 0);
    }
    StunWriter answer = out == null
        ? StunWriter.error(request, 420, "Unknown Attribute").unknown(List.of(Stun.CHANGE_REQUEST))
        : answer(request, from, (InetSocketAddress) out.localAddress(), now);
    if (answer == null) {
      return;
    }
    InetSocketAddress second = out == null ? null : address(other(at, true, true));
    if (second != null) {
      answer.address(Stun.OTHER_ADDRESS, second);
    }
    Channel way = out == null ? at : out;
    way.writeAndFlush(new DatagramPacket((request.isFingerprinted() ? answer.fingerprint() : answer).finish(), from));
  }

  /** The answer but for a fingerprint; null if too many ask. */
  @Nullable StunWriter answer(StunMessage request, InetSocketAddress from, InetSocketAddress origin, long now) {
    if (!strangers.mayAnswer(from.getAddress(), now)) {
      counters.add(Count.REQUESTS_OVER_RATE);
      return null;
    }
    counters.add(Count.BINDINGS);
    List<Integer> unknown = request.unknown(KNOWN);
    if (!unknown.isEmpty()) {
      return StunWriter.error(request, 420, "Unknown Attribute").unknown(unknown);
    }
    StunWriter answer = StunWriter.success(request).address(Stun.XOR_MAPPED_ADDRESS, from);
    return origin.getAddress().isAnyLocalAddress() ? answer : answer.address(Stun.RESPONSE_ORIGIN, origin);
  }

  private @Nullable Channel other(Channel at, boolean otherIp, boolean otherPort) {
    for (int ip = 0; ip < 2; ip++) {
      for (int port = 0; port < 2; port++) {
        if (sockets[ip][port] == at) {
          return sockets[otherIp ? 1 - ip : ip][otherPort ? 1 - port : port];
        }
      }
    }
    return null;
  }

  private static @Nullable InetSocketAddress address(@Nullable Channel channel) {
    return channel == null ? null : (InetSocketAddress) channel.localAddress();
  }
}
