package io.weft.directory.merge;

import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Says what a test wants said. */
final class TalkingSource implements DiscoverySource {

  private final String name;
  private final Observation[] known;
  Observer observer;

  TalkingSource(String name, Observation... known) {
    this.name = name;
    this.known = known;
  }

  static Observation seen(String peer, Candidate... candidates) {
    return new Observation(peer, List.of(candidates), Map.of(), Duration.ZERO);
  }

  static Observation seen(String peer, Duration ttl, Candidate... candidates) {
    return new Observation(peer, List.of(candidates), Map.of(), ttl);
  }

  static Candidate at(String ip, int priority) {
    return new Candidate(Candidate.UDP, CandidateKind.host, ip, 7450, priority);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Registration watch(Observer watching) {
    observer = watching;
    for (Observation o : known) {
      watching.found(o);
    }
    return () -> {};
  }
}
