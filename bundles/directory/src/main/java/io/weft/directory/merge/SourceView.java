package io.weft.directory.merge;

import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Clock;
import io.weft.node.Registration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one source sees. The source's threads write here and {@code changed} is told, so that a source that talks fast costs one merge
 * rather than a queue; the directory's loop reads.
 */
final class SourceView implements Observer {

  /** @param sinceNanos when it was told, on the monotonic clock */
  record Seen(Observation observation, long sinceNanos) {

    boolean expired(long nowNanos) {
      return !observation.ttl().isZero() && nowNanos - expiresNanos() >= 0;
    }

    long expiresNanos() {
      return sinceNanos + observation.ttl().toNanos();
    }
  }

  private static final Logger log = LoggerFactory.getLogger(SourceView.class);

  private final DiscoverySource source;
  private final String name;
  private final Clock clock;
  private final Runnable changed;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private volatile boolean gone;
  private volatile boolean full;
  private Registration watch = () -> {};

  SourceView(DiscoverySource source, Clock clock, Runnable changed) {
    this.source = source;
    this.name = source.name();
    this.clock = clock;
    this.changed = changed;
  }

  void start() {
    watch = source.watch(this);
  }

  /** After this nothing is taken from the source; what it saw stays. */
  void stop() {
    watch.close();
    gone = true;
  }

  String name() {
    return name;
  }

  /** Live: the map may change while it is read. */
  Map<String, Seen> seen() {
    return seen;
  }

  @Override
  public void found(Observation observation) {
    if (gone) {
      return;
    }
    if (seen.size() >= MergedDirectory.PEERS_MAX && !seen.containsKey(observation.peer())) {
      if (!full) {
        full = true;
        log.warn("discovery overflow source={} peers_max={} dropped={}", name, MergedDirectory.PEERS_MAX, observation.peer());
      }
      return;
    }
    seen.put(observation.peer(), new Seen(observation, clock.nanos()));
    changed.run();
  }

  @Override
  public void lost(String peer) {
    if (!gone && seen.remove(peer) != null) {
      full = false;
      changed.run();
    }
  }
}
