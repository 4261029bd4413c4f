package io.weft.shell.store;

import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a store holds. Keys that go with a session cannot be saved or moved, since their sessions cannot; keys below
 * {@link #MOVING} are notes of these commands and count as nothing.
 *
 * @param lasting keys that stay, in the order of listings
 * @param held keys that go with a session
 * @param notes keys below {@link #MOVING}
 */
public record Contents(Map<String, Entry> lasting, List<Entry> held, List<Entry> notes, long revision) {

  /** Begins the keys in which these commands note how far they are. */
  static final String MOVING = "_moving/";

  static Contents of(Snapshot snapshot) {
    Map<String, Entry> lasting = new LinkedHashMap<>();
    List<Entry> held = new ArrayList<>();
    List<Entry> notes = new ArrayList<>();
    for (Entry entry : snapshot.entries()) {
      if (entry.key().startsWith(MOVING)) {
        notes.add(entry);
      } else if (entry.session().isPresent()) {
        held.add(entry);
      } else {
        lasting.put(entry.key(), entry);
      }
    }
    return new Contents(lasting, held, notes, snapshot.revision());
  }

  /** The values of the keys that stay, in the same order. */
  Map<String, byte[]> values() {
    Map<String, byte[]> values = new LinkedHashMap<>();
    lasting.forEach((key, entry) -> values.put(key, entry.value()));
    return values;
  }
}
