package io.weft.launcher.framework;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bundle of an operator as the record has it.
 *
 * @param jar name in {@code data/installed}; null if the framework reads it elsewhere, as for {@code reference:} locations
 * @param started whether it is meant to run
 * @param failures starts that failed since the last good one
 * @param quarantine why it is not started any more, or empty
 */
record InstalledBundle(String location, String jar, int startLevel, boolean started, int failures, String quarantine) {

  static InstalledBundle of(Map<?, ?> map) {
    return new InstalledBundle((String) java.util.Objects.requireNonNull(map.get("location")), (String) map.get("jar"),
        ((Number) map.get("startLevel")).intValue(), (Boolean) map.get("started"),
        map.get("failures") instanceof Number failures ? failures.intValue() : 0,
        map.get("quarantine") instanceof String quarantine ? quarantine : "");
  }

  InstalledBundle running(String content, int level, boolean wanted) {
    return new InstalledBundle(location, content, level, wanted, failures, quarantine);
  }

  InstalledBundle failing(int times, String why) {
    return new InstalledBundle(location, jar, startLevel, started, times, why);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("location", location);
    map.put("jar", jar);
    map.put("startLevel", startLevel);
    map.put("started", started);
    if (failures > 0) {
      map.put("failures", failures);
    }
    if (!quarantine.isEmpty()) {
      map.put("quarantine", quarantine);
    }
    return map;
  }
}
