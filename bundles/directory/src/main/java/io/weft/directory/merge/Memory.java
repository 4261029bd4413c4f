package io.weft.directory.merge;

import io.weft.directory.merge.SourceView.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What sources saw that have gone away, until each one's grace is over. A peer is forgotten earlier if a source of the same name sees
 * it again: that is the same source after its update, and it knows better. On the directory's loop only.
 */
final class Memory {

  /** What one source saw, until when it is kept. */
  record Gone(String source, Map<String, Seen> seen, long untilNanos) {}

  private final List<Gone> gone = new ArrayList<>();

  void add(String source, Map<String, Seen> seen, long nowNanos, long graceNanos) {
    Map<String, Seen> kept = new HashMap<>();
    seen.forEach((peer, s) -> {
      if (!s.expired(nowNanos)) {
        kept.put(peer, s);
      }
    });
    gone.stream().filter(g -> g.source.equals(source)).forEach(g -> g.seen.keySet().removeAll(kept.keySet()));
    gone.add(new Gone(source, kept, nowNanos + graceNanos));
    gone.removeIf(g -> g.seen.isEmpty());
    while (gone.stream().mapToInt(g -> g.seen.size()).sum() > MergedDirectory.PEERS_MAX && gone.size() > 1) {
      gone.remove(0);
    }
  }

  /** Drops what is over, and what a live source of the same name sees again. */
  void prune(List<SourceView> live, long nowNanos) {
    for (Iterator<Gone> i = gone.iterator(); i.hasNext(); ) {
      Gone g = i.next();
      for (SourceView view : live) {
        if (view.name().equals(g.source)) {
          g.seen.keySet().removeAll(view.seen().keySet());
        }
      }
      if (nowNanos - g.untilNanos >= 0 || g.seen.isEmpty()) {
        i.remove();
      }
    }
  }

  List<Gone> gone() {
    return gone;
  }
}
