package io.weft.itests.dcs;

import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Nodes that keep the store among themselves, each a process, on loopback. */
public final class RaftFabric implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofSeconds(120);

  private final ProcessFabric nodes;

  private RaftFabric(ProcessFabric nodes) {
    this.nodes = nodes;
  }

  /** Started, and serving. */
  public static RaftFabric start(String... names) {
    return of(config -> {}, names).start();
  }

  /**
   * The same, and each node has the plugin {@code load}: together they write a little more than 200 times a second.
   *
   * @param records directory for what they write down
   */
  public static RaftFabric underLoad(Path records, String... names) {
    RaftFabric fabric = of(config -> config.line("plugins: {unsigned: allow}").line("load: {record: \"" + file(records, config.name())
        + "\", nodes: [" + String.join(", ", names) + "]}"), names);
    for (NodeProcess node : fabric.nodes()) {
      try {
        Files.copy(Distribution.testPlugin("load"), Files.createDirectories(node.home().resolve("deploy")).resolve("load.jar"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return fabric.start();
  }

  /** Where the plugin {@code load} of a node has its record. */
  public static Path file(Path records, String node) {
    return records.resolve(node + ".load");
  }

  private static RaftFabric of(Consumer<NodeConfig> configure, String... names) {
    String section = "dcs.raft: {members: [" + String.join(", ", names) + "]}";
    return new RaftFabric(ProcessFabric.of(config -> configure.accept(config.line(section)), names));
  }

  private RaftFabric start() {
    nodes().forEach(node -> node.features("core,node,hub,ops,dcs-raft").start());
    nodes().forEach(this::awaitServing);
    return this;
  }

  public List<NodeProcess> nodes() {
    return nodes.nodes();
  }

  public NodeProcess node(String name) {
    return nodes.node(name);
  }

  public void awaitServing(NodeProcess node) {
    Await.until("the store to be served to " + node.name(), START_MAX, () -> "serving".equals(status(node).get("state")));
  }

  /** Waits until this member has everything. */
  public void awaitCaughtUp(NodeProcess node) {
    awaitCaughtUp(node, START_MAX);
  }

  /** The same, for any node. */
  public static void awaitCaughtUp(NodeProcess node, Duration most) {
    Await.until(node.name() + " to catch up", most, () -> members(node).stream().map(m -> (Map<?, ?>) m)
        .anyMatch(m -> node.name().equals(m.get("name")) && Boolean.TRUE.equals(m.get("healthy"))
            && m.get("behind") instanceof Number behind && behind.longValue() == 0));
  }

  private static List<?> members(NodeProcess node) {
    return (List<?>) json(node, "dcs:members").getOrDefault("members", List.of());
  }

  /** Who leads, as any of those sees it that run. */
  public Optional<NodeProcess> leader() {
    return nodes().stream().filter(NodeProcess::isAlive).map(node -> status(node).get("leader")).filter(String.class::isInstance)
        .map(name -> node((String) name)).filter(NodeProcess::isAlive).findFirst();
  }

  public NodeProcess awaitLeader() {
    Await.until("a leader", START_MAX, () -> leader().isPresent());
    return leader().orElseThrow(() -> new AssertionError("the leader is gone again"));
  }

  /** What {@code dcs:status} says; empty if the node does not answer with it yet. */
  public static Map<String, Object> status(NodeProcess node) {
    return json(node, "dcs:status");
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Map<String, Object> json(NodeProcess node, String command) {
    try {
      String out = node.ask(command, "--json").out();
      return out.startsWith("{") ? (Map<String, Object>) JsonReader.read(out) : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  @Override
  public void close() {
    nodes.close();
  }
}
