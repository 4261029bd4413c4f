package io.weft.signaling.client;

import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.signaling.SignalReceiver;
import io.weft.support.signal.Counters;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.Gate;
import io.weft.support.signal.RateLimit;
import io.weft.support.signal.Sealer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that comes, whichever way, passes here; only what is genuine, new and from a known peer gets further. On the loop. */
final class Inbox {

  static final String LINK = "link";

  private static final Logger log = LoggerFactory.getLogger(Inbox.class);
  private static final int PER_SECOND = 50;

  private final Gate gate;
  private final Clock clock;
  private final Counters counters;
  private final Supplier<@Nullable PeerDirectory> directory;
  private final List<SignalReceiver> receivers;
  private final RateLimit rate = new RateLimit(PER_SECOND, 10 * PER_SECOND);

  Inbox(NodeIdentity identity, Sealer sealer, Clock clock, Counters counters, Supplier<@Nullable PeerDirectory> directory,
      List<SignalReceiver> receivers) {
    this.gate = new Gate(identity.self().name(), sealer, clock);
    this.clock = clock;
    this.counters = counters;
    this.directory = directory;
    this.receivers = receivers;
  }

  /** @param via {@value #LINK} or the URL of a broker */
  void arrived(String via, List<Envelope> envelopes) {
    for (Envelope envelope : envelopes) {
      PeerDirectory peers = directory.get();
      Optional<Peer> sender = peers == null ? Optional.empty() : peers.peer(envelope.from());
      if (sender.isEmpty()) {
        drop("unknown_peer", via, envelope);
      } else if (!rate.take(via.equals(LINK) ? envelope.from() : via + " " + envelope.from(), clock.nanos())) {
        drop("rate", via, envelope);
      } else {
        Gate.Verdict verdict = gate.judge(sender.get().identity(), envelope);
        if (verdict == Gate.Verdict.accepted) {
          hand(sender.get(), envelope, via);
        } else {
          drop(verdict.name(), via, envelope);
        }
      }
    }
  }

  private void hand(Peer sender, Envelope envelope, String via) {
    counters.add(via.equals(LINK) ? "signals_received_link" : "signals_received_broker");
    for (SignalReceiver receiver : receivers) {
      try {
        receiver.received(sender.identity(), envelope.signal(), via);
      } catch (RuntimeException e) {
        log.error("receiver of signals failed peer={} signal={}", sender.name(), envelope.signal(), e);
      }
    }
  }

  private void drop(String why, String via, Envelope envelope) {
    counters.add("signals_dropped_" + why);
    log.debug("signal dropped reason={} via={} envelope={}", why, via, envelope);
  }
}
