package io.weft.node.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A schema as the bundles of a node declare it, and what files mean under it. */
public final class TestSchema {

  private TestSchema() {}

  public static byte[] document() {
    try (InputStream in = TestSchema.class.getResourceAsStream("/schema/weft.xml")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ConfigSchema schema() {
    try {
      return new ConfigSchema(new MetatypeReader().read("weft.xml", new java.io.ByteArrayInputStream(document())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ConfigModel model(String yaml, Map<String, String> environment) {
    return ConfigEvaluator.evaluate("weft.yaml", yaml.getBytes(StandardCharsets.UTF_8), schema(), environment::get);
  }

  static ConfigModel model(String yaml) {
    return model(yaml, Map.of());
  }

  /** Everything that is wrong with the lines, below three good ones. */
  static List<String> problems(String yaml) {
    return problems(yaml, Map.of());
  }

  static List<String> problems(String yaml, Map<String, String> environment) {
    return model("fabric: demo\nnode: {name: a}\npeers: [{name: b}, {name: c}]\n" + yaml, environment).problems().stream()
        .map(problem -> problem.at("weft.yaml"))
        .toList();
  }
}
