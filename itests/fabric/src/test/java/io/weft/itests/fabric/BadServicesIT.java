package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.example.plugin.RegistersNonsense;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that offer every service that a node takes, and none of any use: everybody else's go on to work, also when they are there from the start. */
class BadServicesIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<String> PLUGINS = List.of("org.example.thrower", "org.example.nuller", "org.example.impostor");
  private static final List<String> COMMANDS = List.of("status", "node:show", "link:list", "link:show b", "peer:list", "service:list", "channel:list",
      "listener:list", "forward:list", "path:explain b", "secret:list", "health:check", "config:show", "component:list", "bundle:list", "plugin:list",
      "log:level", "help", "help link", "service:explain HealthCheck", "doctor");

  /** They say of each plugin that asks to be heard about the node that it cannot be, and that is no good news. */
  private static final Set<String> JUDGING = Set.of("status", "health:check", "doctor");

  @TempDir Path folder;

  private ProcessFabric fabric;
  private NodeProcess node;

  @BeforeEach
  void start() {
    fabric = ProcessFabric.of(config -> config.line("plugins: {unsigned: allow}"), "a", "b").start().awaitLinks();
    node = fabric.node("a").awaitReady();
  }

  @AfterEach
  void stop() {
    fabric.close();
  }

  @Test
  void nobodyElseSuffers() throws Exception {
    List<Integer> before = exits();
    long up = node.linksUp("b");
    for (String plugin : PLUGINS) {
      String jar = PluginJar.of(folder.resolve(plugin + ".jar"), plugin, "1.0.0", RegistersNonsense.class).toString();
      node.ask("plugin:install", jar, "--yes").orFail();
      Await.until(plugin + " to run", LONG, () -> "active".equals(ListedPlugin.of(node, plugin).get("state")));
    }
    assertThat(exits()).as("with them").isEqualTo(before);
    assertThat(node.linksUp("b")).as("times that the link came up").isEqualTo(up);

    node.kill();
    node.start().awaitReady().awaitLinks("b");
    Await.until("them to run again", LONG,
        () -> ListedPlugin.all(node).stream().filter(plugin -> "active".equals(plugin.get("state"))).count() == PLUGINS.size());
    assertThat(exits()).as("with them from the start").isEqualTo(before);

    for (String plugin : PLUGINS) {
      node.ask("plugin:remove", plugin, "--yes").orFail();
    }
    assertThat(ListedPlugin.all(node)).isEmpty();
    node.awaitLinks("b");
  }

  /** Of commands that ask plugins for nothing that could be wrong with the node itself. */
  private List<Integer> exits() throws Exception {
    SoftAssertions all = new SoftAssertions();
    List<Integer> exits = new ArrayList<>();
    for (String command : COMMANDS) {
      Command.Result result = node.ask(command.split(" "));
      exits.add(JUDGING.contains(command) ? 0 : result.exitCode());
      all.assertThat(result.out() + result.err()).as(command).doesNotContain("\tat ");
      all.assertThat(result.err()).as(command).doesNotContainPattern("^\\S+ failed: ");
    }
    all.assertAll();
    assertThat(node.ask("health:check").out()).containsPattern("links +readiness +ok").containsPattern("node +readiness +ok");
    return exits;
  }
}
