package io.weft.directory.merge;

import io.weft.directory.Peer;
import io.weft.directory.merge.SourceView.Seen;
import io.weft.discovery.Observation;
import io.weft.node.PeerIdentity;
import io.weft.path.Candidate;
import io.weft.path.PathRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One merge of all that is seen and remembered. The result depends on what was seen only, never on the order in which sources came, so
 * that an update of one changes nothing.
 */
final class Merge {

  private static final int LABELS_MAX = 32;

  /** @param live whether the source is there now rather than remembered */
  private record Claim(String source, Observation observation, boolean live) {}

  private record Ranked(Candidate candidate, String source, int place) {

    static final Comparator<Ranked> ORDER =
        Comparator.comparingInt((Ranked r) -> -r.candidate.priority())
            .thenComparing(Ranked::source)
            .thenComparingInt(Ranked::place)
            .thenComparing(r -> r.candidate.toString());
  }

  private final Map<String, List<Claim>> claims = new HashMap<>();
  private final long nowNanos;
  private long nextNanos = Long.MAX_VALUE;

  Merge(long nowNanos) {
    this.nowNanos = nowNanos;
  }

  void add(SourceView view) {
    view.seen().forEach((peer, seen) -> {
      if (seen.expired(nowNanos)) {
        view.seen().remove(peer, seen);
      } else {
        if (!seen.observation().ttl().isZero()) {
          wakeIn(seen.expiresNanos() - nowNanos);
        }
        claim(view.name(), seen, true);
      }
    });
  }

  void add(Memory.Gone gone) {
    wakeIn(gone.untilNanos() - nowNanos);
    gone.seen().forEach((peer, seen) -> claim(gone.source(), seen, false));
  }

  /** How long this result holds if nobody says anything; {@link Long#MAX_VALUE} for ever. */
  long holdsNanos() {
    return nextNanos;
  }

  Set<String> names() {
    return claims.keySet();
  }

  Peer peer(PeerIdentity identity) {
    List<Claim> of = new ArrayList<>(claims.getOrDefault(identity.name(), List.of()));
    of.sort(Comparator.comparing(Claim::source).thenComparing(c -> c.observation.toString()));
    Set<String> sources = new TreeSet<>();
    Map<String, String> labels = new HashMap<>();
    List<Ranked> ranked = new ArrayList<>();
    for (Claim claim : of) {
      if (claim.live) {
        sources.add(claim.source);
      }
      claim.observation.labels().forEach((key, value) -> {
        if (labels.size() < LABELS_MAX) {
          labels.putIfAbsent(key, value);
        }
      });
      List<Candidate> candidates = claim.observation.candidates();
      for (int i = 0; i < candidates.size(); i++) {
        ranked.add(new Ranked(candidates.get(i), claim.source, i));
      }
    }
    return new Peer(identity, best(ranked), labels, List.copyOf(sources));
  }

  private static List<Candidate> best(List<Ranked> ranked) {
    ranked.sort(Ranked.ORDER);
    List<Candidate> best = new ArrayList<>();
    Set<Candidate> known = new HashSet<>();
    for (Ranked r : ranked) {
      Candidate c = r.candidate;
      if (best.size() < PathRequest.CANDIDATES_MAX && known.add(new Candidate(c.network(), c.kind(), c.host(), c.port(), 0))) {
        best.add(c);
      }
    }
    return best;
  }

  private void claim(String source, Seen seen, boolean live) {
    claims.computeIfAbsent(seen.observation().peer(), p -> new ArrayList<>(2)).add(new Claim(source, seen.observation(), live));
  }

  private void wakeIn(long nanos) {
    nextNanos = Math.min(nextNanos, Math.max(0, nanos));
  }
}
