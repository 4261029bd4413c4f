package io.weft.launcher.plugin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is to be said of a plugin, a line each: where, what, and what to do. */
final class Findings {

  private static final int MOST = 100;

  private record Finding(boolean error, String where, String what, String todo) {

    String line() {
      return (error ? "error: " : "warning: ") + where + ": " + what + "; " + todo;
    }

    Map<String, Object> json() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("level", error ? "error" : "warning");
      map.put("where", where);
      map.put("what", what);
      map.put("do", todo);
      return map;
    }
  }

  private final List<Finding> all = new ArrayList<>();

  /** It would not work, or not be let in. */
  void error(String where, String what, String todo) {
    add(new Finding(true, where, what, todo));
  }

  /** It works, and somebody will be sorry. */
  void warning(String where, String what, String todo) {
    add(new Finding(false, where, what, todo));
  }

  private void add(Finding finding) {
    if (all.size() < MOST && !all.contains(finding)) {
      all.add(finding);
    }
  }

  boolean good() {
    return all.stream().noneMatch(Finding::error);
  }

  List<String> lines() {
    return all.stream().map(finding -> Names.printable(finding.line(), 400)).toList();
  }

  List<Map<String, Object>> json() {
    return all.stream().map(Finding::json).toList();
  }
}
