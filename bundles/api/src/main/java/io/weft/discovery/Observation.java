package io.weft.discovery;

import io.weft.node.Names;
import io.weft.path.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What one source saw of one peer at one moment. It is a hint: who answers there is proved by the handshake.
 *
 * @param peer the name of the peer
 * @param candidates best first, at most 16; empty if the source only knows that the peer exists
 * @param labels what the source knows about the peer; at most 32
 * @param ttl how long it holds without being repeated; zero for as long as the source lives
 */
public record Observation(String peer, List<Candidate> candidates, Map<String, String> labels, Duration ttl) {

  public Observation {
    Names.check("peer name", peer);
    candidates = List.copyOf(candidates);
    labels = Map.copyOf(labels);
    if (candidates.size() > 16 || labels.size() > 32 || ttl.isNegative()) {
      throw new IllegalArgumentException("an observation has at most 16 candidates and 32 labels, and no negative ttl");
    }
  }
}
