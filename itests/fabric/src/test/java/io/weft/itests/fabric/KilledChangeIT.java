package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.example.plugin.FailsAtStart;
import org.example.plugin.StopAtStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A change of plugins in a node as it ships, which is killed after each of its steps, of which the installer itself has the list. Whatever
 * the step, the next start has the old set or the new one, whole and running.
 */
class KilledChangeIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Map<String, String> OLD = Map.of("org.example.one", "1.0.0", "org.example.two", "1.0.0");
  private static final Map<String, String> NEW = Map.of("org.example.one", "2.0.0", "org.example.three", "1.0.0");

  @TempDir Path folder;

  private ProcessFabric fabric;
  private NodeProcess node;

  @BeforeEach
  void make() {
    fabric = ProcessFabric.alone(new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()).line("plugins: {unsigned: allow}")
        .line("installer: {trial.s: 1}"));
    node = fabric.node("alone");
  }

  @AfterEach
  void stop() {
    fabric.close();
  }

  @Test
  void atAnyStepItLeadsToTheOldSetOrTheNew() throws Exception {
    boolean isNew = twoSets();
    for (String step : steps()) {
      switch (step) {
        case "back" -> takenBack(step);
        case "kept" -> {
          // Said a moment after it is written down; if it was that of the change before, the rollback may not have begun.
          killAt(step, "plugin:rollback", "--yes");
          isNew = awaitEither(step);
        }
        default -> isNew = rolledBack(step, isNew);
      }
    }
  }

  /** By way of the deploy folder, which is the one that can add, replace and remove in one change. */
  private boolean twoSets() throws Exception {
    Path deploy = node.home().resolve("deploy");
    PluginJar.of(deploy.resolve("stop.jar"), "org.example.stop", "1.0.0", StopAtStep.class);
    PluginJar.of(deploy.resolve("one.jar"), "org.example.one", "1.0.0");
    PluginJar.of(deploy.resolve("two.jar"), "org.example.two", "1.0.0");
    node.start().awaitReady();
    awaitSet(OLD, "it is deployed");
    node.terminate(LONG);
    PluginJar.of(deploy.resolve("one.jar"), "org.example.one", "2.0.0");
    Files.delete(deploy.resolve("two.jar"));
    PluginJar.of(deploy.resolve("three.jar"), "org.example.three", "1.0.0");
    node.start().awaitReady();
    awaitSet(NEW, "other files were deployed");
    assertThat(node.ask("plugin:rollback", "--json").orFail()).contains("\"remove\"", "\"add\"", "\"replace\"");
    return true;
  }

  private boolean rolledBack(String step, boolean isNew) throws Exception {
    killAt(step, "plugin:rollback", "--yes");
    boolean changed = !step.equals("staged"); // the record does not know of it yet
    awaitSet(isNew == changed ? OLD : NEW, "a kill at '" + step + "'");
    return isNew != changed;
  }

  private void takenBack(String step) throws Exception {
    Path good = PluginJar.of(folder.resolve("good.jar"), "org.example.four", "1.0.0");
    Path broken = PluginJar.of(folder.resolve("broken.jar"), "org.example.four", "2.0.0", FailsAtStart.class);
    node.ask("plugin:install", good.toString(), "--yes").orFail();
    killAt(step, "plugin:update", broken.toString(), "--yes");
    Await.until("the good version after a kill at '" + step + "'", LONG, () -> {
      Map<?, ?> four = ListedPlugin.of(node, "org.example.four");
      return "active".equals(four.get("state")) && "1.0.0".equals(four.get("version"));
    });
  }

  private void awaitSet(Map<String, String> expected, String after) {
    Await.until(expected + " after " + after, LONG, () -> running().equals(expected));
  }

  private boolean awaitEither(String step) throws IOException {
    Await.until("one of the sets after a kill at '" + step + "'", LONG, () -> running().equals(OLD) || running().equals(NEW));
    return running().equals(NEW);
  }

  /** Versions of what runs, by name; nothing as long as the one that stops the next change does not. */
  private Map<String, String> running() throws IOException {
    Map<String, String> running = new TreeMap<>();
    for (Map<?, ?> plugin : ListedPlugin.all(node)) {
      running.put((String) plugin.get("name"), "active".equals(plugin.get("state")) ? (String) plugin.get("version") : "");
    }
    return "1.0.0".equals(running.remove("org.example.stop")) ? running : Map.of();
  }

  private void killAt(String step, String... command) throws Exception {
    Path data = node.home().resolve("data");
    Files.writeString(data.resolve("stop-at"), step);
    Thread asking = new Thread(() -> ask(command), "it-asking");
    asking.setDaemon(true);
    asking.start();
    Await.until("the step '" + step + "'", LONG, () -> Files.exists(data.resolve("stopped-at")));
    node.kill();
    asking.join(LONG.toMillis());
    Files.delete(data.resolve("stop-at"));
    Files.delete(data.resolve("stopped-at"));
    node.start().awaitReady();
  }

  /** The node dies before it answers. */
  private void ask(String... command) {
    try {
      node.ask(command);
    } catch (IOException e) {
      assertThat(node.isAlive()).isFalse();
    }
  }

  /** From the installer that ships: a step that is new there is killed here. */
  private static List<String> steps() throws Exception {
    Path jar;
    try (Stream<Path> found = Files.walk(Distribution.home().resolve("bundles"))) {
      jar = found.filter(file -> file.getFileName().toString().matches("io\\.weft\\.installer-.*\\.jar")).findFirst().orElseThrow();
    }
    try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      List<String> steps = Stream.of(classes.loadClass("io.weft.installer.ChangeStep").getEnumConstants()).map(Object::toString).toList();
      assertThat(steps).contains("staged", "begun", "applied", "back");
      return steps;
    }
  }
}
