package io.weft.node.core.config;

import io.weft.node.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What applies now, after some edits.
 *
 * @param instances with the old values of keys that need a restart
 * @param pending those keys, with the value in the file
 */
record InForce(List<Instance> instances, List<Setting> pending) {

  static final InForce NOTHING = new InForce(List.of(), List.of());

  InForce {
    instances = List.copyOf(instances);
    pending = List.copyOf(pending);
  }

  /** At the start everything applies. */
  static InForce first(List<Instance> instances) {
    return new InForce(instances, List.of());
  }

  /** Takes over from the edited file what may change while running. Entries that are new or gone always may. */
  InForce then(List<Instance> edited) {
    Map<String, Instance> before = new HashMap<>();
    instances.forEach(instance -> before.put(instance.id(), instance));
    List<Instance> next = new ArrayList<>();
    List<Setting> waiting = new ArrayList<>();
    for (Instance instance : edited) {
      Instance old = before.get(instance.id());
      next.add(old == null ? instance : merged(old, instance, waiting));
    }
    return new InForce(next, waiting);
  }

  private static Instance merged(Instance old, Instance edited, List<Setting> waiting) {
    Map<String, ConfigValue> values = new LinkedHashMap<>(edited.values());
    edited.values().forEach((id, value) -> {
      ConfigValue current = old.values().get(id);
      if (value.schema().waitsForRestart() && current != null && !current.text().equals(value.text())) {
        values.put(id, current);
        waiting.add(value.setting());
      }
    });
    return edited.with(values);
  }
}
