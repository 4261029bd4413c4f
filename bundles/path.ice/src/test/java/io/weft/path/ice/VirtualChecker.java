package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import io.weft.testkit.ManualTime;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The checks of ICE in virtual time and their shortest form: every pair again and again; who controls chooses the first that works. */
final class VirtualChecker implements Checker {

  private static final Duration EVERY = Duration.ofMillis(50);

  private final ManualTime time;
  private final SplittableRandom random;
  private int running;
  private int started;

  VirtualChecker(ManualTime time, long seed) {
    this.time = time;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public Check start(Plan plan, CheckEvents events) {
    running++;
    started++;
    return new Run(plan, events);
  }

  /** How many were not closed. */
  int running() {
    return running;
  }

  int started() {
    return started;
  }

  private final class Run implements Check {

    private final Plan plan;
    private final CheckEvents events;
    private final Map<InetSocketAddress, CandidateKind> remotes = new LinkedHashMap<>();
    private final Map<Transaction, InetSocketAddress> asked = new HashMap<>();
    private InetSocketAddress nominated;
    private Registration next;
    private boolean closed;

    Run(Plan plan, CheckEvents events) {
      this.plan = plan;
      this.events = events;
      next = time.after(Duration.ZERO, Runnable::run, this::turn);
    }

    private void turn() {
      if (closed) {
        return;
      }
      asked.clear();
      (nominated == null ? remotes : Map.of(nominated, CandidateKind.host)).keySet().forEach(this::ask);
      next = time.after(EVERY, Runnable::run, this::turn);
    }

    private void ask(InetSocketAddress remote) {
      Transaction transaction = Transaction.draw(random);
      asked.put(transaction, remote);
      StunWriter request = StunWriter.of(Kind.request, Stun.BINDING, transaction)
          .text(Stun.USERNAME, plan.remote().ufrag() + ":" + plan.local().ufrag())
          .number(Ice.PRIORITY, Ice.priority(CandidateKind.prflx, 0));
      if (remote.equals(nominated)) {
        request.bytes(Ice.USE_CANDIDATE, new byte[0]);
      }
      plan.sockets().send(request.integrity(key(plan.remote().password())).fingerprint().finish(), remote);
    }

    @Override
    public void remote(RemoteAddress candidate) {
      remotes.putIfAbsent(candidate.address(), candidate.kind());
    }

    @Override
    public void packet(ByteBuf packet, InetSocketAddress from) {
      StunMessage message;
      try {
        message = StunMessage.decode(packet);
      } catch (MalformedStun e) {
        throw new AssertionError("only STUN comes here", e);
      }
      if (message.kind() == Kind.request) {
        request(message, from);
      } else if (from.equals(asked.remove(message.transaction()))) {
        events.valid(from);
        events.pair(from, "succeeded");
        if (plan.controlling() && nominated == null) {
          nominated = from;
        } else if (from.equals(nominated)) {
          events.selected(from, CandidateKind.host, remotes.get(from));
        }
      }
    }

    private void request(StunMessage request, InetSocketAddress from) {
      if (!request.isAuthentic(key(plan.local().password()))) {
        return;
      }
      plan.sockets().send(StunWriter.success(request).address(Stun.XOR_MAPPED_ADDRESS, from)
          .integrity(key(plan.local().password())).fingerprint().finish(), from);
      remotes.putIfAbsent(from, CandidateKind.prflx);
      events.seen(from);
      if (request.has(Ice.USE_CANDIDATE) && !plan.controlling()) {
        events.selected(from, CandidateKind.host, remotes.get(from));
      }
    }

    private static byte[] key(String password) {
      return password.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
      running -= closed ? 0 : 1;
      closed = true;
      next.close();
    }
  }
}
