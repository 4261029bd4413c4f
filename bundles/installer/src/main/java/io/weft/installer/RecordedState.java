package io.weft.installer;

import io.weft.plugin.PluginChange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The launcher's record at one moment.
 *
 * @param trial the change that was not found good yet
 * @param folder where the jars are
 */
record RecordedState(
    List<RecordedBundle> bundles, List<RecordedBundle> previous, Optional<Trial> trial, List<PluginChange> history, Path folder) {

  /**
   * @param applying whether it was not done whole
   * @param known what was wrong already before the change
   */
  record Trial(long id, boolean applying, List<String> known) {}

  static RecordedState of(Map<String, Object> map) {
    Optional<Trial> trial = map.get("change") instanceof Map<?, ?> change
        ? Optional.of(new Trial(((Number) value(change, "id")).longValue(), Boolean.TRUE.equals(change.get("applying")),
            ((List<?>) value(change, "known")).stream().map(String::valueOf).toList()))
        : Optional.empty();
    List<PluginChange> history = new ArrayList<>();
    for (Object entry : (List<?>) value(map, "history")) {
      Map<?, ?> line = (Map<?, ?>) entry;
      history.add(new PluginChange(((Number) value(line, "id")).longValue(),
          Instant.ofEpochMilli(((Number) value(line, "at")).longValue()), String.valueOf(line.get("what")),
          String.valueOf(line.get("outcome"))));
    }
    Collections.reverse(history);
    return new RecordedState(RecordedBundle.list(map.get("bundles")), RecordedBundle.list(map.get("previous")), trial,
        List.copyOf(history), Path.of((String) value(map, "folder")));
  }

  private static Object value(Map<?, ?> map, String key) {
    return Objects.requireNonNull((@Nullable Object) map.get(key), key);
  }

  Optional<RecordedBundle> at(String location) {
    return bundles.stream().filter(bundle -> bundle.location().equals(location)).findFirst();
  }

  Optional<Path> jar(RecordedBundle bundle) {
    return Optional.ofNullable(bundle.jar()).map(folder::resolve);
  }

  /** Locations whose content is another than before the latest change. */
  List<String> replaced() {
    return bundles.stream().filter(now -> previous.stream()
        .anyMatch(before -> before.location().equals(now.location()) && !Objects.equals(before.jar(), now.jar())))
        .map(RecordedBundle::location).toList();
  }

  /** Stands for the set: equal as long as nobody changed it. */
  String basis() {
    return Integer.toHexString(bundles.stream().map(bundle -> bundle.location() + "\n" + bundle.jar()).sorted().toList().hashCode());
  }
}
