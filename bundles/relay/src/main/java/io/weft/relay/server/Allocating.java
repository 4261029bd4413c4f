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
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes allocations: finds a port, binds it, and puts the two sides together. On the loop of the client. */
final class Allocating {

  private static final Logger log = LoggerFactory.getLogger(Allocating.class);
  private static final int PORTS_TRIED = 8;

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
    } else if (request.has(Stun.RESERVATION_TOKEN) || even != null && (even.length != 1 || even[0] < 0)) {
      // The second of a pair of ports was for RTCP, which nobody here speaks.
      return new Requests.Refusal(508, "Insufficient Capacity: ports are not reserved");
    }
    return null;
  }

  private record Attempt(StunMessage request, Client client, Gate.Passed passed, BiConsumer<byte[], StunWriter> answer) {}

  private void bind(Attempt attempt, int tries) {
    int port = tries == 0 ? 0 : core.ports().take(core.random(), attempt.request.has(Stun.EVEN_PORT));
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
        core.counters().add(Count.BIND_FAILURES);
        bind(attempt, tries - 1);
      } else {
        bound(attempt, bound.channel(), port, handler);
      }
    });
  }

  private void bound(Attempt attempt, Channel socket, int port, FromPeers handler) {
    Allocation there = attempt.client.allocation();
    if (there != null || !attempt.client.isThere()) {
      socket.close().addListener(done -> core.ports().give(port));
      core.quotas().give(attempt.passed.user());
      if (there != null) {
        again(attempt, there);
      }
      return;
    }
    Allocation allocation = new Allocation(core, attempt.client, attempt.passed.user(), attempt.request.transaction(), socket, port);
    handler.allocation = allocation;
    core.lent().put(port, allocation);
    attempt.client.allocation(allocation);
    core.counters().add(Count.ALLOCATIONS_MADE);
    Duration life = Requests.lifetime(attempt.request);
    allocation.livesFor(life.isZero() ? Requests.LIFETIME : life);
    attempt.answer.accept(attempt.passed.key(), granted(attempt.request, attempt.client, allocation));
  }

  private StunWriter granted(StunMessage request, Client client, Allocation allocation) {
    Duration life = Requests.lifetime(request);
    return StunWriter.success(request)
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
