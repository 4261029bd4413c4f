package io.weft.coordination.engine;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What others see of the holder of a lease. */
record LeaseValue(String owner, Instant since, Duration ttl) {

  static LeaseValue now(String owner, Instant now, Duration ttl) {
    return new LeaseValue(owner, now, ttl);
  }

  String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("owner", owner);
    map.put("since", since.toString());
    map.put("ttl_ms", ttl.toMillis());
    return Json.compact(map);
  }

  /** Empty if it is not what we write. */
  static Optional<LeaseValue> read(String text) {
    try {
      if (JsonReader.read(text) instanceof Map<?, ?> map && map.get("owner") instanceof String owner
          && map.get("since") instanceof String since && map.get("ttl_ms") instanceof Long ttl) {
        return Optional.of(new LeaseValue(owner, Instant.parse(since), Duration.ofMillis(ttl)));
      }
      return Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
