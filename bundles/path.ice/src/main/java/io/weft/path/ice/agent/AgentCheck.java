package io.weft.path.ice.agent;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker.Plan;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.support.SerialLoop;
import java.beans.PropertyChangeEvent;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.ice4j.TransportAddress;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CandidatePairState;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.NominationStrategy;
import org.ice4j.ice.RemoteCandidate;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;

/** The checks of one attempt by one agent, which ends with it. What may take time runs on {@code work}; events come on ice4j's threads. */
final class AgentCheck implements Check {

  /** How long after the first pair that works a better one may still show up. */
  private static final Duration BETTER = Duration.ofMillis(80);

  /** Between two checks of one attempt. */
  private static final long PACE_MS = 50;

  private static final String STREAM = "weft";

  private final Plan plan;
  private final CheckEvents events;
  private final SerialLoop work;
  private final Timers timers;
  private final List<PortSocket> sockets;
  private final Consumer<AgentCheck> ended;
  private Registration nominating = () -> {};
  private boolean waiting;
  private boolean reported;
  private @Nullable NodeAgent agent;
  private @Nullable Component component;
  private volatile boolean closed;

  /** @param ended runs once, when everything is free */
  AgentCheck(Plan plan, CheckEvents events, SerialLoop work, Timers timers, DatagramSocket placeholder, Consumer<AgentCheck> ended) {
    this.plan = plan;
    this.events = events;
    this.work = work;
    this.timers = timers;
    this.ended = ended;
    this.sockets = plan.bases().stream().map(base -> new PortSocket(base.address(), plan.sockets(), placeholder)).toList();
  }

  void start(Logger logger) {
    work.execute(() -> {
      if (closed) {
        return;
      }
      try {
        begin(logger);
      } catch (IOException | RuntimeException e) {
        fail("the checks cannot start: " + e.getMessage());
      }
    });
  }

  private void begin(Logger logger) throws IOException {
    NodeAgent made = new NodeAgent(plan.local(), logger, this::seen);
    agent = made;
    made.setControlling(plan.controlling());
    made.setUseDynamicPorts(false);
    made.setNominationStrategy(NominationStrategy.NONE);
    made.setTa(PACE_MS);
    made.addCandidateHarvester(new PortHarvester(sockets, plan.mapped()));
    IceMediaStream stream = made.createMediaStream(STREAM);
    component = made.createComponent(stream, KeepAliveStrategy.SELECTED_ONLY, false);
    stream.setRemoteUfrag(plan.remote().ufrag());
    stream.setRemotePassword(plan.remote().password());
    stream.addPairChangeListener(this::pairChanged);
    made.addStateChangeListener(this::stateChanged);
    made.startConnectivityEstablishment();
  }

  @Override
  public void remote(RemoteAddress candidate) {
    work.execute(() -> {
      if (component == null || closed) {
        return;
      }
      // Pairs are frozen by foundation; one for each address lets all of them start at once.
      String foundation = candidate.address().getHostString() + ":" + candidate.address().getPort();
      component.addUpdateRemoteCandidates(
          new RemoteCandidate(
              PortHarvester.transportAddress(candidate.address()), component, type(candidate.kind()), foundation,
              candidate.priority(), null));
      component.updateRemoteCandidates();
    });
  }

  @Override
  public void packet(ByteBuf packet, InetSocketAddress from) {
    for (PortSocket socket : sockets) {
      if (socket.getLocalAddress().getClass() == from.getAddress().getClass()) {
        socket.received(packet, from);
        return;
      }
    }
  }

  private void seen(TransportAddress from) {
    if (!closed) {
      events.seen(plain(from));
    }
  }

  private void pairChanged(PropertyChangeEvent event) {
    if (closed || !(event.getSource() instanceof CandidatePair pair)) {
      return;
    }
    InetSocketAddress remote = plain(pair.getRemoteCandidate().getTransportAddress());
    if (IceMediaStream.PROPERTY_PAIR_STATE_CHANGED.equals(event.getPropertyName())) {
      if (pair.getState() == CandidatePairState.IN_PROGRESS) {
        events.pair(remote, "checking");
      } else if (pair.getState() == CandidatePairState.SUCCEEDED || pair.getState() == CandidatePairState.FAILED) {
        events.pair(remote, pair.getState().toString().toLowerCase(Locale.ROOT));
      }
    } else if (IceMediaStream.PROPERTY_PAIR_VALIDATED.equals(event.getPropertyName())) {
      events.valid(remote);
      if (plan.controlling()) {
        work.execute(() -> consider(pair));
      }
    }
  }

  /** The first pair that works is taken at once if none that is tried could be better; else a better one gets a moment. */
  private void consider(CandidatePair valid) {
    if (closed || agent == null || component == null || component.getSelectedPair() != null) {
      return;
    }
    boolean best = List.copyOf(agent.getStream(STREAM).getCheckList()).stream()
        .allMatch(pair -> pair.getPriority() <= valid.getPriority() || pair.getState() == CandidatePairState.FAILED);
    if (best) {
      nominating.close();
      nominate(valid);
    } else if (!waiting) {
      waiting = true;
      nominating = timers.after(BETTER, work, () -> nominateBest(valid));
    }
  }

  private void nominateBest(CandidatePair first) {
    if (closed || agent == null) {
      return;
    }
    CandidatePair best = first;
    for (CandidatePair pair : List.copyOf(agent.getStream(STREAM).getCheckList())) {
      if (pair.isValid() && pair.getPriority() > best.getPriority()) {
        best = pair;
      }
    }
    nominate(best);
  }

  private void nominate(CandidatePair pair) {
    if (agent != null && agent.isControlling()) {
      agent.nominate(pair);
    }
  }

  private void stateChanged(PropertyChangeEvent event) {
    if (event.getNewValue() == IceProcessingState.COMPLETED) {
      work.execute(this::completed);
    } else if (event.getNewValue() == IceProcessingState.FAILED) {
      work.execute(() -> fail("no answer from any address of the peer"));
    }
  }

  private void completed() {
    CandidatePair pair = component == null ? null : component.getSelectedPair();
    if (closed || reported || pair == null) {
      return;
    }
    reported = true;
    events.selected(
        plain(pair.getRemoteCandidate().getTransportAddress()),
        kind(pair.getLocalCandidate().getType()), kind(pair.getRemoteCandidate().getType()));
  }

  private void fail(String why) {
    if (!closed && !reported) {
      reported = true;
      events.failed(why);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    work.execute(() -> {
      nominating.close();
      if (agent != null) {
        agent.free();
      }
      sockets.forEach(PortSocket::close);
      agent = null;
      component = null;
      ended.accept(this);
    });
  }

  private static InetSocketAddress plain(TransportAddress address) {
    return new InetSocketAddress(address.getAddress(), address.getPort());
  }

  private static CandidateType type(CandidateKind kind) {
    return switch (kind) {
      case host -> CandidateType.HOST_CANDIDATE;
      case srflx -> CandidateType.SERVER_REFLEXIVE_CANDIDATE;
      case prflx -> CandidateType.PEER_REFLEXIVE_CANDIDATE;
      case relay -> CandidateType.RELAYED_CANDIDATE;
    };
  }

  private static CandidateKind kind(CandidateType type) {
    return switch (type) {
      case SERVER_REFLEXIVE_CANDIDATE, STUN_CANDIDATE -> CandidateKind.srflx;
      case PEER_REFLEXIVE_CANDIDATE -> CandidateKind.prflx;
      case RELAYED_CANDIDATE -> CandidateKind.relay;
      default -> CandidateKind.host;
    };
  }
}
