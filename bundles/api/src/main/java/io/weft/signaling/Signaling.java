package io.weft.signaling;

import io.weft.node.PeerIdentity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** Carries signals, signed by this node, over the link to the peer if there is one, else through brokers. Any thread; never blocks. */
@ProviderType
public interface Signaling {

  /** Whether there is a way to leave a signal for the peer now: a link, or a broker that is not known to be down. */
  boolean reaches(PeerIdentity to);

  /**
   * Sends a signal. Completes with the way that took it ({@code link}, or the URL of a broker) when it is on its way, which does not
   * mean that the peer has read it; exceptionally with {@link SignalNotSent} within 10 s. A retry is safe: the receiver drops a copy.
   * Signals to one peer keep their order.
   */
  CompletableFuture<String> send(PeerIdentity to, Signal signal);

  /**
   * Says that ways out of this node may have changed, so that connections to brokers may lead nowhere though nobody was told: they are
   * made anew, and what waits for an answer is asked again. More than once a second has no effect.
   */
  void renew();

  /** The brokers in the order of the configuration, with what is known of them. */
  List<Broker> brokers();

  /** Counters since start, by stable name: {@code signals_sent_link}, {@code signals_dropped_forged}, ... */
  Map<String, Long> counters();
}
