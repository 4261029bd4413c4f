package io.weft.path;

import io.weft.node.PeerIdentity;
import java.util.List;

/**
 * One attempt to find a path. Immutable: another attempt is another request.
 *
 * @param candidates best first; at most 16; empty only for a source that {@link PathSource#reaches} the peer
 * @param attempt counts up per peer; the latest wins
 * @param controlling whether this side decides (the smaller node id does)
 */
public record PathRequest(PeerIdentity peer, List<Candidate> candidates, long attempt, boolean controlling) {

  public static final int CANDIDATES_MAX = 16;

  public PathRequest {
    candidates = List.copyOf(candidates);
    if (candidates.size() > CANDIDATES_MAX) {
      throw new IllegalArgumentException("at most " + CANDIDATES_MAX + " candidates, not " + candidates.size());
    }
  }
}
