package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.FreshPort;
import io.weft.path.NatKind;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One more port, for an attempt that gets nowhere from the usual one: a router here may have given that one to packets of the peer that
 * came before ours left, and a router at the other end may have done the same. So ours leave first this time, and go no further than the
 * routers near by; only then the peer is told where to send. On the loop only.
 */
final class SecondPort implements StunDesk.Asker {

  private static final Logger log = LoggerFactory.getLogger(SecondPort.class);
  private static final Duration ASK_AGAIN = Duration.ofMillis(200);
  private static final int ASKS = 8;
  private static final Duration KNOCK_AGAIN = Duration.ofMillis(300);
  /** So long the peer has to send first. Afterwards we do too, for NATs that are further away than a knock goes. */
  private static final Duration HOLD = Duration.ofSeconds(1);
  /** What is on its way to a port that is left. */
  private static final Duration LINGER = Duration.ofSeconds(5);
  /** Below that of the usual port, which is the better one if both work. */
  private static final int LOCAL_PREFERENCE = 32_767;

  private static final Set<NatKind> HOPELESS = EnumSet.of(NatKind.address_dependent, NatKind.blocked);

  /** The attempt that it is for. */
  interface User {

    /** Addresses of the peer to which packets go straight. */
    Collection<InetSocketAddress> targets();

    /** The port as the peer sees it; the routers here expect its packets. */
    void open(RemoteAddress outside);

    /** Pairs with this wire may be checked. */
    void check(Wire wire);
  }

  private final Core core;
  private final Set<InetSocketAddress> servers;
  private final User user;
  private Registration next = () -> {};
  private Registration receiving = () -> {};
  private @Nullable FreshPort port;
  private @Nullable FreshWire wire;
  private boolean seen;
  private boolean closed;

  /** @param servers say how they see it */
  SecondPort(Core core, Set<InetSocketAddress> servers, User user) {
    this.core = core;
    this.servers = Set.copyOf(servers);
    this.user = user;
  }

  /** Whether the port may be what is in the way: not if it is the kind of a NAT, or if there is none. */
  static boolean mayHelp(NatKind ours, NatKind theirs) {
    return !HOPELESS.contains(ours) && !HOPELESS.contains(theirs) && ours != NatKind.none;
  }

  void open() {
    core.port().fresh().whenComplete((opened, failure) -> core.loop().execute(() -> {
      if (failure != null) {
        core.counters().add(IceCounters.PORTS_REFUSED);
        log.debug("no further port why={}", failure.getMessage());
      } else if (closed) {
        opened.close();
      } else {
        begin(opened);
      }
    }));
  }

  private void begin(FreshPort opened) {
    core.counters().add(IceCounters.PORTS_OPENED);
    FreshWire out = new FreshWire(opened);
    port = opened;
    wire = out;
    receiving = opened.receive((packet, from) -> core.desk().packet(out, packet, from));
    ask(out, 0);
  }

  private void ask(FreshWire out, int turn) {
    if (turn == ASKS) {
      return;
    }
    for (InetSocketAddress server : servers) {
      if (out.reaches(server)) {
        Transaction transaction = Transaction.draw(core.random());
        core.desk().expect(transaction, this);
        out.send(StunWriter.of(Kind.request, Stun.BINDING, transaction).fingerprint().finish(), server);
      }
    }
    next = core.timers().after(ASK_AGAIN, core.loop(), () -> ask(out, turn + 1));
  }

  @Override
  public void answer(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from) {
    InetSocketAddress outside = message.address(Stun.XOR_MAPPED_ADDRESS);
    FreshWire out = wire;
    if (closed || seen || out == null || on != out || outside == null || message.kind() != Kind.success || !servers.contains(from)) {
      return;
    }
    seen = true;
    next.close();
    knock(out);
    user.open(new RemoteAddress(CandidateKind.srflx, outside, Ice.priority(CandidateKind.srflx, LOCAL_PREFERENCE)));
    next = core.timers().after(KNOCK_AGAIN, core.loop(), () -> {
      knock(out);
      next = core.timers().after(HOLD.minus(KNOCK_AGAIN), core.loop(), () -> user.check(out));
    });
  }

  private void knock(FreshWire out) {
    for (InetSocketAddress target : user.targets()) {
      Transaction transaction = Transaction.draw(core.random());
      out.knock(StunWriter.of(Kind.indication, Stun.BINDING, transaction).fingerprint().finish(), target);
    }
  }

  /** Whether this is its wire. */
  boolean is(Wire other) {
    return other == wire;
  }

  /** @param used whether the peer may still send here, because packets took this way */
  void close(boolean used) {
    if (closed) {
      return;
    }
    closed = true;
    next.close();
    receiving.close();
    core.desk().forget(this);
    FreshPort opened = port;
    if (opened != null && used) {
      core.timers().after(LINGER, core.loop(), opened::close);
    } else if (opened != null) {
      opened.close();
    }
  }
}
