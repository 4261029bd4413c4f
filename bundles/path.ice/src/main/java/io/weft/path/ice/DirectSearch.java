package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.path.ice.check.Sockets;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The direct pairs of one attempt, as the {@link Checker} searches them. On the loop of its session only, unless said otherwise. */
final class DirectSearch {

  /** As many again may be checked by ourselves, see {@link PairList#MAX}: 32 in all. */
  static final int MAX = 16;

  /** What the checker finds, brought to the loop; nothing after {@link #end}. */
  interface Found {

    /** The peer proved that it is at this address. */
    void seen(InetSocketAddress from);

    /** Both sides agreed on a pair; the search is over. */
    void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind);

    /** No pair can work any more; the search is over. */
    void failed(String why);
  }

  private final Core core;
  private final Found found;
  private final StunDesk.Asker answers = this::answered;
  private final Map<InetSocketAddress, String> states = new LinkedHashMap<>();
  // Read by the checker's threads.
  private volatile @Nullable Check check;
  private boolean begun;

  DirectSearch(Core core, Found found) {
    this.core = core;
    this.found = found;
  }

  void start(Checker.Plan plan) {
    begun = true;
    check = core.checker().start(plan, new Events());
  }

  /** What the checker sends leaves here, and what answers it goes back to it. */
  Sockets sockets() {
    return (packet, to) -> {
      StunMessage message = StunMessage.decode(packet);
      if (message.kind() == Kind.request) {
        core.desk().expect(message.transaction(), answers);
      }
      core.wire().send(packet, to);
    };
  }

  private void answered(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from) {
    Check to = check;
    if (to != null && on == core.wire()) {
      to.packet(packet, from);
    }
  }

  boolean isRunning() {
    return check != null;
  }

  /** Whether direct pairs are wanted at all. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether they are wanted, and nobody searches for them any more. */
  boolean isOver() {
    return begun && check == null;
  }

  boolean knows(InetSocketAddress remote) {
    return states.containsKey(remote);
  }

  /** One more address of the peer. */
  void remote(RemoteAddress candidate) {
    if (check != null && note(candidate.address(), "waiting")) {
      check.remote(candidate);
    }
  }

  /** A request of the peer, proved if it is from an address that was not known. What comes from ever more addresses goes no further. */
  void request(ByteBuf packet, InetSocketAddress from) {
    if (check != null && note(from, "seen")) {
      check.packet(packet, from);
    }
  }

  /** Returns whether this address is one of those that count. */
  private boolean note(InetSocketAddress remote, String state) {
    if (states.containsKey(remote)) {
      return true;
    }
    if (states.size() >= MAX) {
      core.counters().add(IceCounters.PAIRS_OVER_LIMIT);
      return false;
    }
    states.put(remote, state);
    return true;
  }

  /** What became of each address of the peer. */
  Map<InetSocketAddress, String> states() {
    return states;
  }

  void end() {
    if (check != null) {
      check.close();
      check = null;
      core.desk().forget(answers);
    }
  }

  /** The events of the checker, which come on its threads. */
  private final class Events implements CheckEvents {

    private void on(Runnable event) {
      core.loop().execute(() -> {
        if (check != null) {
          event.run();
        }
      });
    }

    @Override
    public void seen(InetSocketAddress from) {
      on(() -> found.seen(from));
    }

    @Override
    public void valid(InetSocketAddress remote) {
      on(() -> found.seen(remote));
    }

    @Override
    public void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
      on(() -> {
        end();
        note(remote, "selected");
        states.computeIfPresent(remote, (address, before) -> "selected");
        found.selected(remote, local, kind);
      });
    }

    @Override
    public void pair(InetSocketAddress remote, String state) {
      on(() -> states.computeIfPresent(remote, (address, before) -> state));
    }

    @Override
    public void failed(String why) {
      on(() -> {
        end();
        found.failed(why);
      });
    }
  }
}
