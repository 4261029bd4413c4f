package io.weft.relay.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.weft.support.stun.Stun;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes allocations: finds a port, binds it, and puts the two sides together. On the loop of the client. */
final class Allocating {

  private static final Logger log = LoggerFactory.getLogger(Allocating.class);
  private static final int PORTS_TRIED = 8;
  private static final int TOKEN_BYTES = 8;

  private final Core core;

  Allocating(Core core) {
    this.core = core;
  }

  /** @param answer gets the key and the answer, in this call or later on the same loop */
  void start(StunMessage request, Client client, Gate.Passed passed, BiConsumer<byte[], StunWriter> answer) {
    Attempt attempt = new Attempt(request, client, passed, answer);
    if (client.allocation() != null) {
      again(attempt, client.allocation());
      return;
    }
    Requests.Refusal refusal = refusal(request);
    if (refusal == null) {
      refusal = switch (core.quotas().take(passed.user(), core.limits().get())) {
        case granted -> null;
        case user_full -> new Requests.Refusal(486, "Allocation Quota Reached");
        case relay_full -> new Requests.Refusal(508, "Insufficient Capacity: the relay is full");
      };
      if (refusal != null) {
        core.counters().add(Count.ALLOCATIONS_OVER_QUOTA);
      }
    }
    if (refusal != null) {
      answer.accept(passed.key(), StunWriter.error(request, refusal.code(), refusal.text()));
    } else {
      bind(attempt, PORTS_TRIED);
    }
  }

  private void again(Attempt attempt, Allocation there) {
    attempt.answer.accept(attempt.passed.key(), there.madeBy(attempt.request.transaction())
        ? granted(attempt.request, attempt.client, there)
        : StunWriter.error(attempt.request, 437, "Allocation Mismatch: there is one already"));
  }

  private Requests.@Nullable Refusal refusal(StunMessage request) {
    int transport = request.firstOfFour(Stun.REQUESTED_TRANSPORT);
    int family = request.has(Stun.REQUESTED_ADDRESS_FAMILY) ? request.firstOfFour(Stun.REQUESTED_ADDRESS_FAMILY) : Stun.FAMILY_IPV4;
    byte[] even = request.bytes(Stun.EVEN_PORT);
    if (transport < 0) {
      return new Requests.Refusal(400, "Bad Request: REQUESTED-TRANSPORT is missing");
    } else if (transport != Stun.UDP) {
      return new Requests.Refusal(442, "Unsupported Transport Protocol");
    } else if (family != Requests.family(core.external())) {
      return new Requests.Refusal(440, "Address Family not Supported");
    } else if (even != null && (even.length != 1 || request.has(Stun.RESERVATION_TOKEN))) {
      return new Requests.Refusal(400, "Bad Request: EVEN-PORT is malformed, or beside RESERVATION-TOKEN");
    }
    return null;
  }

  private record Attempt(StunMessage request, Client client, Gate.Passed passed, BiConsumer<byte[], StunWriter> answer) {}

  private void bind(Attempt attempt, int tries) {
    byte[] token = attempt.request.bytes(Stun.RESERVATION_TOKEN);
    PortRange.Want want = want(attempt.request);
    int port = tries == 0 ? 0
        : token == null ? core.ports().take(core.random(), want)
        : token.length == TOKEN_BYTES ? core.reservations().claim(ByteBuffer.wrap(token).getLong()) : 0;
    if (port == 0) {
      core.quotas().give(attempt.passed.user());
      attempt.answer.accept(attempt.passed.key(), StunWriter.error(attempt.request, 508, "Insufficient Capacity: no port is free"));
      return;
    }
    FromPeers handler = new FromPeers();
    Bootstrap bootstrap = Segments.bootstrap(core.io()).group(attempt.client.loop()).handler(handler);
    bootstrap.bind(new InetSocketAddress(core.bind(), port)).addListener((ChannelFuture bound) -> {
      if (!bound.isSuccess()) {
        core.ports().give(port);
        if (want == PortRange.Want.pair) {
          core.ports().give(port + 1);
        }
        core.counters().add(Count.BIND_FAILURES);
        bind(attempt, tries - 1);
      } else {
        bound(attempt, bound.channel(), port, handler);
      }
    });
  }

  private static PortRange.Want want(StunMessage request) {
    byte[] even = request.bytes(Stun.EVEN_PORT);
    if (even == null) {
      return PortRange.Want.any;
    }
    return even[0] < 0 ? PortRange.Want.pair : PortRange.Want.even;
  }

  private void bound(Attempt attempt, Channel socket, int port, FromPeers handler) {
    Allocation there = attempt.client.allocation();
    boolean pair = want(attempt.request) == PortRange.Want.pair;
    if (there != null || !attempt.client.isThere()) {
      socket.close().addListener(done -> core.ports().give(port));
      if (pair) {
        core.ports().give(port + 1);
      }
      core.quotas().give(attempt.passed.user());
      if (there != null) {
        again(attempt, there);
      }
      return;
    }
    Allocation allocation = new Allocation(core, attempt.client, attempt.passed.user(), attempt.request.transaction(), socket, port);
    handler.allocation = allocation;
    if (pair) {
      allocation.reserved(core.reservations().keep(port + 1));
    }
    core.lent().put(port, allocation);
    attempt.client.allocation(allocation);
    core.counters().add(Count.ALLOCATIONS_MADE);
    Duration life = Requests.lifetime(attempt.request);
    allocation.livesFor(life.isZero() ? Requests.LIFETIME : life);
    attempt.answer.accept(attempt.passed.key(), granted(attempt.request, attempt.client, allocation));
  }

  private StunWriter granted(StunMessage request, Client client, Allocation allocation) {
    Duration life = Requests.lifetime(request);
    StunWriter answer = StunWriter.success(request);
    if (allocation.reserved() != 0) {
      answer.bytes(Stun.RESERVATION_TOKEN, ByteBuffer.allocate(TOKEN_BYTES).putLong(allocation.reserved()).array());
    }
    return answer
        .address(Stun.XOR_RELAYED_ADDRESS, allocation.relayed())
        .number(Stun.LIFETIME, (life.isZero() ? Requests.LIFETIME : life).toSeconds())
        .address(Stun.XOR_MAPPED_ADDRESS, client.address());
  }

  /** The pipeline of a lent port. */
  private final class FromPeers extends ChannelInboundHandlerAdapter {

    private @Nullable Allocation allocation;
    private long now;
    private boolean nowKnown;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      DatagramPacket packet = (DatagramPacket) msg;
      try {
        if (!nowKnown) {
          nowKnown = true;
          now = core.clock().nanos();
        }
        if (allocation != null) {
          allocation.fromPeer(packet.content(), packet.sender(), now);
        }
      } finally {
        packet.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      nowKnown = false;
      if (allocation != null) {
        allocation.flush();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Such as an ICMP answer to an earlier packet: says nothing about the port.
      log.debug("relayed port error", cause);
    }
  }
}
