package io.weft.installer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bundle as the launcher's record has it.
 *
 * @param jar name in the record's folder; null if its content is kept elsewhere
 * @param started whether it is meant to run
 * @param failures starts that failed since the last good one
 * @param quarantine why it is not started any more, or empty
 */
record RecordedBundle(String location, @Nullable String jar, int startLevel, boolean started, int failures, String quarantine) {

  static List<RecordedBundle> list(@Nullable Object list) {
    return list instanceof List<?> entries ? entries.stream().map(entry -> of((Map<?, ?>) entry)).toList() : List.of();
  }

  private static RecordedBundle of(Map<?, ?> map) {
    return new RecordedBundle((String) Objects.requireNonNull(map.get("location")), (String) map.get("jar"),
        ((Number) Objects.requireNonNull(map.get("startLevel"))).intValue(), Boolean.TRUE.equals(map.get("started")),
        map.get("failures") instanceof Number failures ? failures.intValue() : 0,
        map.get("quarantine") instanceof String quarantine ? quarantine : "");
  }

  Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("location", location);
    map.put("jar", jar);
    map.put("startLevel", startLevel);
    map.put("started", started);
    map.put("failures", failures);
    map.put("quarantine", quarantine);
    return map;
  }
}
