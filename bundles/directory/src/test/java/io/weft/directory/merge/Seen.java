package io.weft.directory.merge;

import io.weft.discovery.Observation;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What sources see, in few words. */
final class Seen {

  private Seen() {}

  static Observation seen(String peer, Candidate... candidates) {
    return seen(peer, Duration.ZERO, candidates);
  }

  static Observation seen(String peer, Duration ttl, Candidate... candidates) {
    return new Observation(peer, List.of(candidates), Map.of(), ttl);
  }

  static Candidate at(String ip, int priority) {
    return new Candidate(Candidate.UDP, CandidateKind.host, ip, 7450, priority);
  }
}
