package io.weft.testkit;

import io.weft.node.LogLevels;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Log levels that change nothing. */
public final class FakeLogLevels implements LogLevels {

  private final Map<String, String> levels = new TreeMap<>(Map.of("root", "info"));

  @Override
  public Map<String, String> levels() {
    return levels;
  }

  @Override
  public void set(String logger, String level) {
    if (!Set.of("error", "warn", "info", "debug", "trace", "default").contains(level)) {
      throw new IllegalArgumentException("'" + level + "' is no level; there is error, warn, info, debug, trace and default");
    }
    if (level.equals("default")) {
      levels.remove(logger);
    } else {
      levels.put(logger, level);
    }
  }
}
