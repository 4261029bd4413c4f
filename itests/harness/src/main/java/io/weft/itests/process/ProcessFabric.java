package io.weft.itests.process;

import io.weft.itests.net.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Some nodes, each a process, each the peer of all others. Closing it ends them and removes their homes; their logs are kept in the
 * directory that the system property {@code weft.logs} names, if there is one.
 */
public final class ProcessFabric implements AutoCloseable {

  private final Path directory;
  private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();

  // A test that is stopped in the middle must not leave its nodes running.
  private final Thread atExit = new Thread(() -> nodes.values().forEach(NodeProcess::close), "end-nodes");

  private ProcessFabric(Path directory) {
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Nodes of these names on loopback, not started; {@code configure} adds to each configuration before it is written. */
  public static ProcessFabric of(Consumer<NodeConfig> configure, String... names) {
    return in(name -> List.of(), name -> new NodeConfig(name, "127.0.0.1:" + Ports.freeUdp()), configure, names);
  }

  /** @param prefix words before the command of a node, such as those that enter a namespace */
  public static ProcessFabric in(
      Function<String, List<String>> prefix, Function<String, NodeConfig> config, Consumer<NodeConfig> configure, String... names) {
    ProcessFabric fabric = new ProcessFabric(temporary());
    List<NodeConfig> configs = Stream.of(names).map(config).toList();
    for (NodeConfig c : configs) {
      configs.stream().filter(other -> other != c).forEach(c::peer);
      configure.accept(c);
      fabric.nodes.put(c.name(), new NodeProcess(c, fabric.directory, prefix.apply(c.name())));
    }
    return fabric;
  }

  /** One node with exactly this configuration, not started. */
  public static ProcessFabric alone(NodeConfig config) {
    ProcessFabric fabric = new ProcessFabric(temporary());
    fabric.nodes.put(config.name(), new NodeProcess(config, fabric.directory, List.of()));
    return fabric;
  }

  /**
   * Nodes with exactly these configurations, not started.
   *
   * @param prefix words before the command of a node, such as those that enter a namespace
   */
  public static ProcessFabric of(Function<String, List<String>> prefix, List<NodeConfig> configs) {
    ProcessFabric fabric = new ProcessFabric(temporary());
    configs.forEach(c -> fabric.nodes.put(c.name(), new NodeProcess(c, fabric.directory, prefix.apply(c.name()))));
    return fabric;
  }

  public NodeProcess node(String name) {
    NodeProcess node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("there is no node " + name);
    }
    return node;
  }

  public List<NodeProcess> nodes() {
    return List.copyOf(nodes.values());
  }

  /** Starts all and waits until every link is up. */
  public ProcessFabric start() {
    nodes.values().forEach(NodeProcess::start);
    return awaitLinks();
  }

  /** Waits until each node has a link to each other. */
  public ProcessFabric awaitLinks() {
    for (NodeProcess node : nodes.values()) {
      node.awaitLinks(nodes.keySet().stream().filter(n -> !n.equals(node.name())).toArray(String[]::new));
    }
    return this;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    nodes.values().forEach(NodeProcess::close);
    keepLogs();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keepLogs() {
    String kept = System.getProperty("weft.logs", "");
    if (kept.isEmpty()) {
      return;
    }
    try {
      Path folder = Files.createDirectories(Path.of(kept));
      for (NodeProcess node : nodes.values()) {
        Files.writeString(folder.resolve(node.name() + ".log"), node.log());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Short, since the path of a Unix socket has at most 107 bytes. */
  static Path temporary() {
    try {
      return Files.createTempDirectory("weft");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
