package io.weft.node.core.config;

import io.weft.node.Setting;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a file means to this node.
 *
 * @param instances everything that is configured or could be, defaults included
 * @param problems what is not right; if there are any, nothing of the file is used
 * @param warnings what somebody should know
 * @param sharedDigest of the part that all nodes share; empty if there are problems
 */
public record ConfigModel(List<Instance> instances, List<Problem> problems, List<Problem> warnings, String sharedDigest) {

  public ConfigModel {
    instances = List.copyOf(instances);
    problems = problems.stream().sorted().toList();
    warnings = warnings.stream().sorted().toList();
  }

  public boolean good() {
    return problems.isEmpty();
  }

  /** Every value in force, ordered by key. */
  public List<Setting> settings() {
    return settings(instances);
  }

  static List<Setting> settings(List<Instance> instances) {
    return instances.stream()
        .flatMap(instance -> instance.values().values().stream())
        .map(ConfigValue::setting)
        .sorted(Comparator.comparing(Setting::key, KeyOrder.INSTANCE))
        .toList();
  }

  public List<Instance> of(String pid) {
    return instances.stream().filter(instance -> instance.pid().equals(pid)).toList();
  }

  Optional<Instance> node() {
    return of(ConfigSchema.NODE_PID).stream().findFirst();
  }
}
