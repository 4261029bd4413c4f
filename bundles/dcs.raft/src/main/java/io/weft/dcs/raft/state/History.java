package io.weft.dcs.raft.state;

import io.weft.dcs.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** The latest changes, as many as there is room for. Its owner guards it. */
final class History {

  static final int CHANGES_MAX = 20_000;
  static final long BYTES_MAX = 8L << 20;
  static final int PAGE_MAX = 2_000;
  private static final long PAGE_BYTES_MAX = 1L << 20;
  private static final int OVERHEAD = 128;

  private final ArrayDeque<Change> changes = new ArrayDeque<>();
  private long bytes;
  private long forgottenUpTo;

  /** Knows nothing of what came up to this revision. */
  void clear(long revision) {
    changes.clear();
    bytes = 0;
    forgottenUpTo = revision;
  }

  void add(Change change) {
    changes.add(change);
    bytes += weight(change);
    while (changes.size() > CHANGES_MAX || bytes > BYTES_MAX) {
      Change oldest = changes.remove();
      bytes -= weight(oldest);
      forgottenUpTo = oldest.revision();
    }
  }

  /** @param revision of the state now */
  News since(String prefix, long after, long revision) {
    if (after < forgottenUpTo) {
      return new News(false, List.of(), after, false);
    }
    List<Change> newest = new ArrayList<>();
    for (Iterator<Change> i = changes.descendingIterator(); i.hasNext(); ) {
      Change change = i.next();
      if (change.revision() <= after) {
        break;
      }
      if (change.key().startsWith(prefix)) {
        newest.add(change);
      }
    }
    Collections.reverse(newest);
    return page(newest, Math.max(after, revision));
  }

  /** Ends between two revisions, never within one. */
  private static News page(List<Change> news, long upTo) {
    long size = 0;
    for (int i = 0; i < news.size(); i++) {
      size += weight(news.get(i));
      boolean full = i + 1 >= PAGE_MAX || size >= PAGE_BYTES_MAX;
      if (full && i + 1 < news.size() && news.get(i + 1).revision() > news.get(i).revision()) {
        return new News(true, news.subList(0, i + 1), news.get(i).revision(), true);
      }
    }
    return new News(true, news, upTo, false);
  }

  private static long weight(Change change) {
    return OVERHEAD + change.key().length() + (change instanceof Change.Put put ? put.entry().size() : 0);
  }
}
