package io.weft.catalog;

import io.weft.plugin.PluginKey;
import io.weft.plugin.PluginProblem;
import io.weft.plugin.PluginStanding;
import io.weft.plugin.PluginVerdict;
import io.weft.support.plugin.PublicKeyId;
import io.weft.support.plugin.TrustedKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gate that stands in the framework, which the launcher put there before this bundle was: whoever may run is decided there, also while
 * this bundle is stopped. Speaks to it in maps.
 */
final class Gate {

  /**
   * @param revoked ids of keys, also of some that no file is here of
   * @param usable false while nobody knows what was revoked
   */
  record Keys(List<PluginKey> shown, List<TrustedKey> trusted, Set<String> revoked, List<String> problems, boolean usable, boolean unsigned) {}

  private static final String NO_GATE = "nothing checks signatures here: this framework was not started by weft run";

  private final Function<Map<String, Object>, Map<String, Object>> gate;

  /** @param gate null in a framework that somebody else started, such as one for tests: then nothing is known to be trusted */
  Gate(@Nullable Function<Map<String, Object>, Map<String, Object>> gate) {
    this.gate = gate == null ? Gate::none : gate;
  }

  private static Map<String, Object> none(Map<String, Object> question) {
    return switch (String.valueOf(question.get("do"))) {
      case "check" -> Map.of("standing", PluginStanding.REFUSED, "problem", PluginProblem.UNREADABLE, "signer", "", "keyId", "", "name", "",
          "version", "", "sha256", "", "reason", NO_GATE);
      case "keys" -> Map.of("keys", List.of(), "problems", List.of(NO_GATE), "usable", false, "unsigned", false);
      default -> Map.of();
    };
  }

  void policy(List<Path> folders, boolean unsigned) {
    gate.apply(Map.of("do", "policy", "trust", folders.stream().map(Path::toString).toList(), "unsigned", unsigned));
  }

  PluginVerdict check(Path jar) {
    return verdict(gate.apply(Map.of("do", "check", "jar", jar.toAbsolutePath().toString())));
  }

  PluginVerdict installed(long bundleId) {
    Map<String, Object> answer = gate.apply(Map.of("do", "installed", "bundle", bundleId));
    return answer.isEmpty()
        ? new PluginVerdict(PluginStanding.REFUSED, PluginProblem.UNREADABLE, "", "", "", "", "", "there is no such bundle")
        : verdict(answer);
  }

  Keys keys() {
    Map<String, Object> answer = gate.apply(Map.of("do", "keys"));
    List<Map<?, ?>> keys = ((List<?>) answer.get("keys")).stream().<Map<?, ?>>map(key -> (Map<?, ?>) key).toList();
    return new Keys(
        keys.stream().map(Gate::shown).toList(),
        keys.stream().filter(key -> Boolean.FALSE.equals(key.get("revoked"))).map(Gate::trusted).toList(),
        Set.copyOf(texts(answer.getOrDefault("revoked", List.of()))), texts(answer.get("problems")), Boolean.TRUE.equals(answer.get("usable")), Boolean.TRUE.equals(answer.get("unsigned")));
  }

  private static PluginKey shown(Map<?, ?> key) {
    return new PluginKey(text(key, "name"), text(key, "id"), texts(key.get("plugins")), texts(key.get("catalogs")),
        Boolean.TRUE.equals(key.get("revoked")));
  }

  private static TrustedKey trusted(Map<?, ?> key) {
    return new TrustedKey(
        text(key, "name"), PublicKeyId.parse(text(key, "public")), texts(key.get("plugins")), texts(key.get("catalogs")));
  }

  private static PluginVerdict verdict(Map<?, ?> map) {
    return new PluginVerdict(PluginStanding.valueOf(text(map, "standing")), PluginProblem.valueOf(text(map, "problem")),
        text(map, "signer"), text(map, "keyId"), text(map, "name"), text(map, "version"), text(map, "sha256"), text(map, "reason"));
  }

  private static String text(Map<?, ?> map, String key) {
    return String.valueOf(map.get(key));
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }
}
