package io.weft.coordination.engine;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a shard of a job has come; kept in the DCS and only changed by compare-and-set, so a period is begun once.
 *
 * @param period the last one that was begun or left out
 * @param token of the lease under which that was
 * @param running whether it was begun and nobody said that it ended
 */
record Cursor(Instant period, long token, boolean running) {

  String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("period_ms", period.toEpochMilli());
    map.put("token", token);
    map.put("running", running);
    return Json.compact(map);
  }

  /** Empty if it is not what we write. */
  static Optional<Cursor> read(String text) {
    try {
      if (JsonReader.read(text) instanceof Map<?, ?> map && map.get("period_ms") instanceof Long period
          && map.get("token") instanceof Long token && map.get("running") instanceof Boolean running) {
        return Optional.of(new Cursor(Instant.ofEpochMilli(period), token, running));
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
