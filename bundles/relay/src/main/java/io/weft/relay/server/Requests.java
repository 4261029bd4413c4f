package io.weft.relay.server;

import io.weft.support.stun.ChannelData;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers TURN requests (RFC 8656) of clients that may make them. On the loop of the client. */
final class Requests {

  static final Duration LIFETIME = Duration.ofSeconds(600);
  static final Duration LIFETIME_MAX = Duration.ofSeconds(3_600);

  private static final Set<Integer> KNOWN = Set.of(
      Stun.USERNAME, Stun.MESSAGE_INTEGRITY, Stun.REALM, Stun.NONCE, Stun.CHANNEL_NUMBER, Stun.LIFETIME, Stun.XOR_PEER_ADDRESS, Stun.DATA_VALUE,
      Stun.REQUESTED_ADDRESS_FAMILY, Stun.EVEN_PORT, Stun.REQUESTED_TRANSPORT, Stun.RESERVATION_TOKEN);
  private static final String FORBIDDEN = "Forbidden: this relay sends nothing to such an address";

  private final Core core;
  private final Allocating allocating;

  Requests(Core core) {
    this.core = core;
    this.allocating = new Allocating(core);
  }

  /** A refusal of a request that is otherwise in order. */
  record Refusal(int code, String text) {}

  void handle(StunMessage message, Client client, long now) {
    if (message.is(Kind.indication, Stun.SEND)) {
      send(message, client, now);
    } else if (message.kind() == Kind.request) {
      request(message, client, now);
    }
  }

  private void request(StunMessage request, Client client, long now) {
    Gate.Outcome outcome = core.gate().check(request, client.address());
    if (outcome instanceof Gate.Refused refused) {
      refuse(request, client, refused, now);
      return;
    }
    Gate.Passed passed = (Gate.Passed) outcome;
    List<Integer> unknown = request.unknown(KNOWN);
    if (!unknown.isEmpty()) {
      finish(request, client, passed.key(), StunWriter.error(request, 420, "Unknown Attribute").unknown(unknown));
      return;
    }
    Allocation allocation = client.allocation();
    if (request.method() == Stun.ALLOCATE) {
      allocating.start(request, client, passed, (key, answer) -> finish(request, client, key, answer));
    } else if (allocation == null) {
      refuse(request, client, passed.key(), new Refusal(437, "Allocation Mismatch: there is none"));
    } else if (!allocation.user().equals(passed.user())) {
      refuse(request, client, passed.key(), new Refusal(441, "Wrong Credentials: it is somebody else's"));
    } else {
      switch (request.method()) {
        case Stun.REFRESH -> refresh(request, client, passed.key(), allocation);
        case Stun.CREATE_PERMISSION -> permit(request, client, passed.key(), allocation, now);
        case Stun.CHANNEL_BIND -> bind(request, client, passed.key(), allocation, now);
        default -> refuse(request, client, passed.key(), new Refusal(400, "Bad Request: no such method"));
      }
    }
  }

  private void refuse(StunMessage request, Client client, Gate.Refused refused, long now) {
    if (!core.strangers().mayAnswer(client.address().getAddress(), now)) {
      core.counters().add(Count.REQUESTS_OVER_RATE);
      return;
    }
    StunWriter answer = StunWriter.error(request, refused.code(), refused.text());
    if (refused.challenge()) {
      answer.text(Stun.REALM, core.gate().realm()).text(Stun.NONCE, core.gate().nonce(client.address()));
    }
    if (refused.clock() > 0) {
      answer.number(Stun.RELAY_CLOCK, refused.clock());
    }
    core.counters().add(refused.code() == 438 ? Count.REQUESTS_STALE : Count.REQUESTS_UNAUTHORIZED);
    client.send((request.isFingerprinted() ? answer.fingerprint() : answer).finish());
    client.flush();
  }

  private void refuse(StunMessage request, Client client, byte[] key, Refusal refusal) {
    finish(request, client, key, StunWriter.error(request, refusal.code(), refusal.text()));
  }

  private void finish(StunMessage request, Client client, byte[] key, StunWriter answer) {
    answer.integrity(key);
    ByteBuf bytes = (request.isFingerprinted() ? answer.fingerprint() : answer).finish();
    if ((bytes.getUnsignedShort(0) & 0x0110) == 0x0110) {
      core.counters().add(Count.REQUESTS_REFUSED);
    }
    client.send(bytes);
    client.flush();
  }

  /** What the request asks for, within the bounds; zero if it asks for the end. */
  static Duration lifetime(StunMessage request) {
    long asked = request.number(Stun.LIFETIME);
    if (asked == 0) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Math.min(Math.max(asked, LIFETIME.toSeconds()), LIFETIME_MAX.toSeconds()));
  }

  static int family(InetAddress address) {
    return address instanceof Inet4Address ? Stun.FAMILY_IPV4 : Stun.FAMILY_IPV6;
  }

  private void refresh(StunMessage request, Client client, byte[] key, Allocation allocation) {
    int family = request.firstOfFour(Stun.REQUESTED_ADDRESS_FAMILY);
    if (family >= 0 && family != family(core.external())) {
      refuse(request, client, key, new Refusal(443, "Peer Address Family Mismatch"));
      return;
    }
    Duration life = lifetime(request);
    if (life.isZero()) {
      allocation.close();
    } else {
      allocation.livesFor(life);
    }
    finish(request, client, key, StunWriter.success(request).number(Stun.LIFETIME, life.toSeconds()));
  }

  private void permit(StunMessage request, Client client, byte[] key, Allocation allocation, long now) {
    List<@Nullable InetSocketAddress> peers = request.addresses(Stun.XOR_PEER_ADDRESS);
    Refusal refusal = peers.isEmpty() ? new Refusal(400, "Bad Request: XOR-PEER-ADDRESS is missing") : null;
    for (int i = 0; i < peers.size() && refusal == null; i++) {
      refusal = unwanted(request, peers.get(i));
    }
    for (int i = 0; i < peers.size() && refusal == null; i++) {
      if (!allocation.permit(peers.get(i).getAddress(), now)) {
        refusal = new Refusal(508, "Insufficient Capacity: too many permissions");
      }
    }
    if (refusal != null) {
      refuse(request, client, key, refusal);
    } else {
      finish(request, client, key, StunWriter.success(request));
    }
  }

  private void bind(StunMessage request, Client client, byte[] key, Allocation allocation, long now) {
    long number = request.number(Stun.CHANNEL_NUMBER);
    int channel = (int) (number >>> 16);
    InetSocketAddress peer = request.address(Stun.XOR_PEER_ADDRESS);
    Refusal refusal = number < 0 || !ChannelData.isChannel(channel) || !request.has(Stun.XOR_PEER_ADDRESS)
        ? new Refusal(400, "Bad Request: CHANNEL-NUMBER or XOR-PEER-ADDRESS is missing or wrong")
        : unwanted(request, peer);
    if (refusal == null && !core.isLent(peer) && !core.mayReach(peer)) {
      refusal = forbidden();
    }
    if (refusal == null) {
      refusal = switch (allocation.bind(channel, peer, now)) {
        case bound -> null;
        case conflict -> new Refusal(400, "Bad Request: that channel or that peer is bound already");
        case too_many -> new Refusal(508, "Insufficient Capacity: too many channels");
      };
    }
    if (refusal != null) {
      refuse(request, client, key, refusal);
    } else {
      finish(request, client, key, StunWriter.success(request));
    }
  }

  /** Why a peer must not be there; null if it may. */
  private @Nullable Refusal unwanted(StunMessage request, @Nullable InetSocketAddress peer) {
    if (peer == null) {
      byte[] raw = request.bytes(Stun.XOR_PEER_ADDRESS);
      // Of the right length for IPv6 and yet no address: an IPv4 one in disguise.
      return raw != null && raw.length == 20 ? forbidden() : new Refusal(400, "Bad Request: XOR-PEER-ADDRESS is malformed");
    }
    if (family(peer.getAddress()) != family(core.external())) {
      return new Refusal(443, "Peer Address Family Mismatch");
    }
    return core.mayPermit(peer.getAddress()) ? null : forbidden();
  }

  private Refusal forbidden() {
    core.counters().add(Count.PEERS_FORBIDDEN);
    return new Refusal(403, FORBIDDEN);
  }

  private void send(StunMessage message, Client client, long now) {
    Allocation allocation = client.allocation();
    InetSocketAddress peer = message.address(Stun.XOR_PEER_ADDRESS);
    ByteBuf data = message.data(Stun.DATA_VALUE);
    if (allocation == null) {
      core.counters().add(Count.DROPPED_NO_ALLOCATION);
    } else if (peer == null || data == null || !message.unknown(KNOWN).isEmpty()) {
      core.counters().add(Count.DROPPED_MALFORMED);
    } else {
      allocation.fromClient(peer, data, now);
      allocation.flush();
    }
  }
}
