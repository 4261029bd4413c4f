package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.example.plugin.BlocksAtStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins installed and removed by command in a node as it ships, and what an operator is told of those that do not run. */
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

  private Map<?, ?> plugin(String name) throws IOException {
    return ListedPlugin.of(node, name);
  }
}
