package io.weft.node.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a bundle declares for one PID.
 *
 * @param factory whether there is one configuration per list entry
 * @param keys by id, in the order of the declaration
 */
public record SectionSchema(String pid, boolean factory, String name, String description, Map<String, KeySchema> keys) {

  public SectionSchema {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }

  /** Whether some key is inside {@code prefix}, so that a map may stand there. */
  boolean hasKeysBelow(String prefix) {
    String start = prefix + ".";
    return keys.keySet().stream().anyMatch(id -> id.startsWith(start));
  }
}
