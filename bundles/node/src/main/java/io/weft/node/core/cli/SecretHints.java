package io.weft.node.core.cli;

import io.weft.node.core.config.ConfigModel;
import io.weft.node.core.config.ConfigValue;
import io.weft.node.core.config.Instance;
import io.weft.node.core.config.KeySchema;
import io.weft.node.core.config.Problem;
import io.weft.secret.SecretReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Secrets in files that are not there, before a node misses them. Who reads them checks the rest. */
final class SecretHints {

  private static final String FILES_PID = "weft.secret.basic.file";

  private SecretHints() {}

  static List<Problem> of(ConfigModel model, Path home) {
    Path folder =
        home.resolve(model.of(FILES_PID).stream().findFirst().flatMap(files -> files.text("dir")).orElse("conf/secrets"));
    return model.instances().stream()
        .filter(Instance::used)
        .flatMap(instance -> instance.values().values().stream())
        .filter(value -> value.schema().type() == KeySchema.Type.SECRET)
        .flatMap(value -> hint(value, folder).stream())
        .toList();
  }

  private static List<Problem> hint(ConfigValue value, Path folder) {
    if (value.text().isEmpty()) {
      return List.of();
    }
    SecretReference reference = SecretReference.parse(value.text());
    if (!reference.scheme().equals("file") || Files.exists(folder.resolve(reference.name()))) {
      return List.of();
    }
    Path file = folder.resolve(reference.name());
    return List.of(new Problem(value.line(), value.path(), "refers to " + file
        + ", which does not exist; write it with mode 0600"));
  }
}
