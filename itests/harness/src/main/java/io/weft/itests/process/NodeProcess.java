package io.weft.itests.process;

import io.weft.itests.Command;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node in a process of its own, started with {@code bin/weft run}, in a home of its own. Not thread-safe. */
public final class NodeProcess implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofSeconds(60);

  private final NodeConfig config;
  private final Path home;
  private final Path log;
  private final List<String> prefix;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private @Nullable String features;
  private @Nullable Process process;

  /**
   * @param prefix words before the command, such as those that enter a network namespace; they must {@code exec} the rest, so that the
   *     process is the node
   */
  public NodeProcess(NodeConfig config, Path directory, List<String> prefix) {
    this.config = config;
    this.home = directory.resolve(config.name());
    this.log = directory.resolve(config.name() + ".log");
    this.prefix = List.copyOf(prefix);
    config.writeTo(home);
  }

  public NodeConfig config() {
    return config;
  }

  public String name() {
    return config.name();
  }

  public Path home() {
    return home;
  }

  /** Other features than a node has by default, with commas. */
  public NodeProcess features(String list) {
    features = list;
    return this;
  }

  public NodeProcess env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Everything that it printed, since the first start. */
  public String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the process and returns at once. */
  public NodeProcess start() {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(Distribution.weft().toString(), "run", "--home", home.toString()));
    if (features != null) {
      words.addAll(List.of("--features", features));
    }
    Command command = Command.of(words);
    environment.forEach(command::env);
    process = command.start(log);
    return this;
  }

  public NodeProcess awaitReady() {
    await("node " + name() + " to be ready", START_MAX, () -> "ready".equals(text(status(), "node", "state")));
    return this;
  }

  /** Waits until the links to all these peers are up. */
  public NodeProcess awaitLinks(String... peers) {
    await("links of " + name() + " to " + List.of(peers), START_MAX, () -> {
      Map<String, Object> status = status();
      return Stream.of(peers).allMatch(peer -> "up".equals(text(linkIn(status, peer), "state")));
    });
    return this;
  }

  /** {@code weft status --json}; empty if the node does not answer, or does not know the command yet. */
  public Map<String, Object> status() {
    try {
      String out = ask("weft:status", "--json").out();
      return out.startsWith("{") ? asMap(JsonReader.read(out)) : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  /** The link to a peer as {@code status} shows it; empty if there is none. */
  public Map<String, Object> link(String peer) {
    return linkIn(status(), peer);
  }

  /** How often a link to this peer came up since the first start. The state alone does not show that a link was replaced by a new one. */
  public long linksUp(String peer) {
    return log().lines().filter(line -> line.contains("link up peer=" + peer + " ")).count();
  }

  /** A command in the running node, through its control socket. */
  public Command.Result ask(String... args) throws IOException {
    return ControlSocket.exec(home.resolve("run/control.sock"), args);
  }

  /** A command as an operator types it: {@code bin/weft ARGS --home HOME}. */
  public Command.Result weft(String... args) {
    List<String> words = new ArrayList<>(List.of(Distribution.weft().toString()));
    words.addAll(List.of(args));
    return Command.of(words).env("WEFT_HOME", home.toString()).run();
  }

  /** Rewrites weft.yaml from {@link #config}. */
  public void rewriteConfig() {
    config.writeTo(home);
  }

  public long pid() {
    return running().pid();
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** SIGTERM; returns the exit code. */
  public int terminate(Duration most) {
    running().destroy();
    return awaitExit(most);
  }

  public int awaitExit(Duration most) {
    try {
      if (!running().waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("node " + name() + " did not end within " + most + "\n" + tail());
      }
      return running().exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** SIGKILL. */
  public void kill() {
    running().destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** SIGSTOP and SIGCONT: there, but silent. */
  public void pause() {
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
  }

  /** Open file descriptors by what they are: sockets, pipes and files count separately and without their numbers. */
  public Map<String, Integer> descriptors() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    try (Stream<Path> fds = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
      for (Path fd : fds.toList()) {
        if (Files.isSymbolicLink(fd)) {
          counts.merge(Files.readSymbolicLink(fd).toString().replaceAll(":\\[\\d+]$", ""), 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  /** How many threads of each name there are; the kernel keeps 15 characters of a name. */
  public Map<String, Integer> threads() {
    Map<String, Integer> counts = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        Path comm = task.resolve("comm");
        if (Files.exists(comm)) {
          counts.merge(Files.readString(comm).strip(), 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  @Override
  public void close() {
    if (isAlive()) {
      signal("CONT");
      process.destroyForcibly();
      awaitExit(Duration.ofSeconds(10));
    }
  }

  private void signal(String name) {
    Command.of("kill", "-" + name, Long.toString(pid())).run().orFail();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("node " + name() + " was not started");
    }
    return process;
  }

  private void await(String what, Duration most, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Await.until(what, most, () -> {
        if (!isAlive()) {
          throw new AssertionError("node " + name() + " has ended with " + running().exitValue());
        }
        return condition.call();
      });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + status() + "\n" + tail(), e);
    }
  }

  private String tail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  private static Map<String, Object> linkIn(Map<String, Object> status, String peer) {
    for (Object link : (List<?>) status.getOrDefault("links", List.of())) {
      if (peer.equals(asMap(link).get("peer"))) {
        return asMap(link);
      }
    }
    return Map.of();
  }

  /** The text at a path of keys; empty if there is nothing. */
  static String text(Map<String, Object> map, String... keys) {
    Object value = map;
    for (String key : keys) {
      value = asMap(value).get(key);
    }
    return value == null ? "" : value.toString();
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Map<String, Object> asMap(@Nullable Object value) {
    return value instanceof Map ? (Map<String, Object>) value : Map.of();
  }
}
