package io.weft.installer;

import io.weft.plugin.PluginRefused;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The launcher's record of what operators installed: the one place that says what should be there, and what comes back. */
final class SetRecord {

  private final Function<Map<String, Object>, Map<String, Object>> launcher;

  SetRecord(Function<Map<String, Object>, Map<String, Object>> launcher) {
    this.launcher = launcher;
  }

  RecordedState read() throws PluginRefused {
    return RecordedState.of(ask(Map.of("do", "read")));
  }

  /** Copies a jar to where it stays, and returns its name there. */
  String stage(Path jar) throws PluginRefused {
    return (String) ask(Map.of("do", "stage", "file", jar.toString())).getOrDefault("jar", "");
  }

  /** From here on the new set is what should be there; a restart leads to it. */
  void begin(List<RecordedBundle> set, String what, long at, List<String> known) throws PluginRefused {
    ask(Map.of("do", "begin", "bundles", set.stream().map(RecordedBundle::toMap).toList(), "what", what, "at", at, "known", known));
  }

  /** The framework holds what should be there. */
  void applied() throws PluginRefused {
    ask(Map.of("do", "applied"));
  }

  /** The change was found good. */
  void keep(String outcome) throws PluginRefused {
    ask(Map.of("do", "keep", "outcome", outcome));
  }

  /** From here on the set before the change is what should be there. */
  void back(String why) throws PluginRefused {
    ask(Map.of("do", "back", "why", why));
  }

  void failing(String location, int failures, String quarantine) throws PluginRefused {
    ask(Map.of("do", "failing", "location", location, "failures", failures, "quarantine", quarantine));
  }

  private Map<String, Object> ask(Map<String, Object> request) throws PluginRefused {
    Map<String, Object> answer = launcher.apply(request);
    if (answer.get("error") instanceof String error) {
      throw new PluginRefused(error);
    }
    return answer;
  }
}
