package io.weft.node.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One configuration: a section of the file, or one entry of a section that is a list.
 *
 * @param entry what tells it from the other entries and stays the same when others are edited; null if there is only one
 * @param path as in the file: {@code transport.quic}, {@code peers[1]}; empty for that of the node
 * @param line where it starts; 0 if it is not in the file
 * @param values by id, defaults included
 */
public record Instance(String pid, @Nullable String entry, String path, int line, Map<String, ConfigValue> values) {

  public Instance {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The PID in Configuration Admin. */
  public String id() {
    return entry == null ? pid : pid + "~" + entry;
  }

  /** Whether the file says anything about it. */
  boolean written() {
    return entry != null || values.values().stream().anyMatch(ConfigValue::written);
  }

  /** Whether it is there at all, rather than only possible: sections of the node always are. */
  public boolean used() {
    return written() || pid.equals(ConfigSchema.NODE_PID);
  }

  Instance with(Map<String, ConfigValue> others) {
    return new Instance(pid, entry, path, line, others);
  }

  Optional<ConfigValue> value(String id) {
    return Optional.ofNullable(values.get(id));
  }

  /** The value, if it is there and is text that is not empty. */
  public Optional<String> text(String id) {
    return value(id).map(ConfigValue::value).filter(String.class::isInstance).map(String.class::cast)
        .filter(text -> !text.isEmpty());
  }

  /** The value as a list of texts; empty if it is not there. */
  public List<String> list(String id) {
    return value(id).map(ConfigValue::value).filter(List.class::isInstance).map(Instance::strings).orElse(List.of());
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  /** The value as a number; 0 if it is not there. */
  public long number(String id) {
    return value(id).map(ConfigValue::value).filter(Number.class::isInstance).map(n -> ((Number) n).longValue()).orElse(0L);
  }
}
