package io.weft.shell.noun;

import io.weft.node.Node;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code node:*}: this node. */
public final class NodeCommands {

  private NodeCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, NodeCommands::show, Spec.of("node", "show", "Show who this node is")
            .example("weft node show", "identity, home and configuration digest")));
  }

  /** {@code {"node": {"id", "name", "fabric", "version", "uptime_seconds", "state", "shared_digest", "home", ...}}}. */
  private static void show(Invocation in) {
    Node node = in.services().need(Node.class);
    Instant now = in.services().now();
    // A random 64-bit number: as hex, since a JSON number of that size is rounded by many readers.
    String incarnation = String.format("%016x", node.incarnation());
    String java = System.getProperty("java.version");
    if (in.json()) {
      Map<String, @Nullable Object> map = Views.node(node, now);
      map.put("started_at", node.startedAt().toString());
      map.put("home", node.home().toString());
      map.put("labels", new TreeMap<>(node.labels()));
      map.put("incarnation", incarnation);
      map.put("pid", ProcessHandle.current().pid());
      map.put("java", java);
      in.printJson(Map.of("node", map));
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("name", Cell.bold(node.name()));
    rows.put("id", Views.id(node) == null ? Cell.bad("not known: the formation secret could not be read") : node.id());
    rows.put("fabric", node.fabric());
    rows.put("state", Views.state(node.state()));
    rows.put("started", Text.time(node.startedAt()) + " (" + Text.since(node.startedAt(), now) + ")");
    rows.put("home", node.home());
    rows.put("labels", node.labels().isEmpty() ? "-" : PeerCommands.labels(node.labels()));
    rows.put("configuration", node.sharedDigest().isEmpty() ? Cell.warn("not read yet") : "digest " + node.sharedDigest());
    rows.put("version", node.version() + ", Java " + java + ", process " + ProcessHandle.current().pid());
    rows.put("incarnation", incarnation);
    in.out().pairs(rows);
  }
}
