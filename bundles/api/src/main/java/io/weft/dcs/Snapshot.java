package io.weft.dcs;

import java.util.List;

/**
 * Everything below a prefix at one moment.
 *
 * @param entries in the order of {@link DcsKeys#ORDER}
 * @param revision no change up to this one is missing; a watch from here misses nothing
 */
public record Snapshot(List<Entry> entries, long revision) {

  public Snapshot {
    entries = List.copyOf(entries);
  }
}
