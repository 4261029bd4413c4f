package io.weft.node.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Secrets that follow from the formation secret use the one of section {@code identity}, unless they are told otherwise. */
final class FormationReference {

  private static final String PID = "weft.secret.basic.formation";
  private static final String ID = "formation";
  private static final String SOURCE = "identity.formation";

  private FormationReference() {}

  static List<Instance> spread(List<Instance> instances) {
    Optional<ConfigValue> reference =
        instances.stream().filter(i -> i.pid().equals(ConfigSchema.NODE_PID)).findFirst().flatMap(i -> i.value(SOURCE));
    List<Instance> spread = new ArrayList<>();
    for (Instance instance : instances) {
      Optional<ConfigValue> own = instance.value(ID).filter(v -> instance.pid().equals(PID) && !v.written());
      spread.add(own.isPresent() && reference.isPresent() && reference.get().written()
          ? with(instance, own.get(), reference.get()) : instance);
    }
    return spread;
  }

  private static Instance with(Instance instance, ConfigValue own, ConfigValue reference) {
    Map<String, ConfigValue> values = new HashMap<>(instance.values());
    // It changes together with its source, or the two would disagree until the next start.
    KeySchema schema = own.schema();
    KeySchema later =
        new KeySchema(
            schema.id(), schema.type(), schema.many(), schema.required(), schema.defaults(), schema.min(), schema.max(),
                schema.options(),
            schema.description(), reference.schema().applies());
    values.put(ID, new ConfigValue(later, own.path(), reference.value(), reference.origin(), reference.line()));
    return instance.with(values);
  }
}
