package io.weft.itests.fabric;

import io.weft.itests.process.NodeProcess;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Plugins as {@code plugin:list} has them. */
final class ListedPlugin {

  private ListedPlugin() {}

  /** Nothing as long as the node does not answer. */
  static List<Map<?, ?>> all(NodeProcess node) throws IOException {
    String out = node.ask("plugin:list", "--json").out();
    if (!out.startsWith("{")) {
      return List.of();
    }
    return ((List<?>) ((Map<?, ?>) JsonReader.read(out)).get("plugins")).stream().<Map<?, ?>>map(plugin -> (Map<?, ?>) plugin).toList();
  }

  /** Empty if there is none of that name. */
  static Map<?, ?> of(NodeProcess node, String name) throws IOException {
    return all(node).stream().filter(plugin -> name.equals(plugin.get("name"))).findFirst().orElse(Map.of());
  }
}
