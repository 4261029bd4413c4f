package io.weft.directory;

import io.weft.node.PeerIdentity;
import io.weft.path.Candidate;
import java.util.List;
import java.util.Map;

/**
 * A remote node as seen from here.
 *
 * @param candidates merged from all sources, best first, without duplicates, at most 16
 * @param sources names of the sources that see it now; empty if it is only remembered
 */
public record Peer(PeerIdentity identity, List<Candidate> candidates, Map<String, String> labels, List<String> sources) {

  public Peer {
    candidates = List.copyOf(candidates);
    labels = Map.copyOf(labels);
    sources = List.copyOf(sources);
  }

  public String name() {
    return identity.name();
  }
}
