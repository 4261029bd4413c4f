package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.example.plugin.BlocksAtStart;
import org.example.plugin.StopAtStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins installed, updated and removed by command in a node as it ships, which is killed while it does so. */
class PluginChangesIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private ProcessFabric fabric;
  private NodeProcess node;

  @BeforeEach
  void start() {
    fabric = ProcessFabric.alone(new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()).line("plugins: {unsigned: allow}"));
    node = fabric.node("alone");
    node.start().awaitReady();
  }

  @AfterEach
  void stop() {
    fabric.close();
  }

  @Test
  void killedAtAnyStepItHasTheOldSetOrTheNew() throws Exception {
    PluginJar.of(node.home().resolve("deploy/stop.jar"), "org.example.stop", "1.0.0", StopAtStep.class);
    Path one = PluginJar.of(folder.resolve("one.jar"), "org.example.one", "1.0.0");
    Path two = PluginJar.of(folder.resolve("two.jar"), "org.example.one", "2.0.0");
    node.ask("plugin:install", one.toString(), "--yes").orFail();
    String version = "1.0.0";
    for (String step : List.of("staged", "begun", "replaced org.example.one", "applied")) {
      awaitState("org.example.stop", "active");
      awaitState("org.example.one", "active");
      String next = version.equals("1.0.0") ? "2.0.0" : "1.0.0";
      killAt(step, "plugin:update", (next.equals("2.0.0") ? two : one).toString(), "--yes");
      version = step.equals("staged") ? version : next;
      awaitState("org.example.one", "active");
      assertThat(plugin("org.example.one").get("version")).as("after a kill at '%s'", step).isEqualTo(version);
    }
    awaitState("org.example.stop", "active");
    killAt("begun", "plugin:remove", "org.example.one", "--yes");
    assertThat(plugin("org.example.one")).isEmpty();
    node.ask("plugin:rollback", "--yes").orFail();
    awaitState("org.example.one", "active");
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

  @Test
  void onePluginThatBlocksDelaysNeitherTheNodeNorOthers() throws Exception {
    Path blocks = PluginJar.of(folder.resolve("blocks.jar"), "org.example.blocks", "1.0.0", BlocksAtStart.class);
    Path good = PluginJar.of(folder.resolve("good.jar"), "org.example.good", "1.0.0");
    node.ask("plugin:install", blocks.toString(), "--yes").orFail();
    assertThat(plugin("org.example.blocks").get("state")).isIn("starting", "failed");
    node.ask("plugin:install", good.toString(), "--yes").orFail();
    awaitState("org.example.good", "active");

    node.kill();
    node.start().awaitReady();
    awaitState("org.example.good", "active");
    assertThat(plugin("org.example.blocks").get("state")).isIn("starting", "failed");
    node.ask("plugin:remove", "org.example.good", "--yes").orFail();
    assertThat(plugin("org.example.good")).isEmpty();
  }

  @Test
  void whatItNeedsIsNamedDownToTheRoot() throws Exception {
    Command.Result why = node.ask("plugin:why", "io.weft.dcs.none");
    assertThat(why.exitCode()).isEqualTo(3);
    Command.Result explained = node.ask("service:explain", "DiscoverySource");
    assertThat(explained.out()).contains("io.weft.discovery.DiscoverySource", "section 'discovery.basic.dns' of weft.yaml");
    assertThat(node.ask("service:explain", "Links").out()).contains("io.weft.mesh", "io.weft.shell");
  }

  private void awaitState(String name, String state) {
    Await.until(name + " to be " + state, LONG, () -> state.equals(plugin(name).get("state")));
  }

  /** As {@code plugin:list} has it; empty if it does not. */
  private Map<?, ?> plugin(String name) throws IOException {
    String out = node.ask("plugin:list", "--json").out();
    if (!out.startsWith("{")) {
      return Map.of(); // the node is starting
    }
    for (Object plugin : (List<?>) ((Map<?, ?>) JsonReader.read(out)).get("plugins")) {
      if (name.equals(((Map<?, ?>) plugin).get("name"))) {
        return (Map<?, ?>) plugin;
      }
    }
    return Map.of();
  }
}
