package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.itests.process.Terminal;
import io.weft.support.JsonReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The command {@code weft} and its shell, as a person at a terminal and a script meet them. */
class ShellIT {

  private static ProcessFabric fabric;
  private static NodeProcess node;

  @BeforeAll
  static void start() {
    fabric = ProcessFabric.alone(new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()));
    node = fabric.node("alone").start().awaitReady();
  }

  @AfterAll
  static void stop() {
    fabric.close();
  }

  private static String weft(String words) {
    return Distribution.weft() + " " + words + " --home " + node.home();
  }

  private static Command.Result sh(String line) {
    return Command.of("sh", "-c", line).run();
  }

  @Test
  void atATerminal() throws Exception {
    Machine.needs("tmux");
    try (Terminal terminal = new Terminal(weft("shell"))) {
      terminal.awaitLastLine("alone ready>");
      terminal.type("node sh").press("Tab").awaitLastLine("alone ready> node show").press("Enter").awaitScreen("fabric");
      assertThat(terminal.screen()).as("no command is repeated before it runs").doesNotContain("+node");

      terminal.type("nonsense").press("Enter").awaitScreen("nonsense").awaitLastLine("alone ready>");
      terminal.type("watch node show").press("Enter").awaitScreen("itest");
      terminal.press("C-c").awaitLastLine("alone ready>");
      terminal.type("half a li").press("C-c").awaitLastLine("alone ready>");
      assertThat(node.isAlive()).isTrue();

      terminal.type("health check").press("Enter").awaitScreen("liveness").awaitLastLine("alone ready>");
      terminal.press("C-d").awaitScreen("ended with 0");
    }
    Path history = node.home().resolve("data/shell_history");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history))).isEqualTo("rw-------");

    try (Terminal terminal = new Terminal(weft("shell"))) {
      terminal.awaitLastLine("alone ready>");
      terminal.press("Up").awaitLastLine("alone ready> health check");
      terminal.press("C-c").type("exit").press("Enter").awaitScreen("ended with 0");
    }
    assertThat(node.status()).containsKey("node");
  }

  @Test
  void aScriptIsReadFromStandardInput() {
    Command.Result result = sh("echo 'access:test b p\u00fc' | LC_ALL=C " + weft("shell"));
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).as("UTF-8 in any locale, and no prompts").contains("p\u00fc").doesNotContain("ready>");
  }

  @Test
  void statusIsWhatToolsRely() {
    Map<?, ?> status = (Map<?, ?>) JsonReader.read(node.weft("status", "--json").orFail());
    assertThat(status.keySet()).map(String::valueOf).contains("node", "links", "services", "listeners", "bundles", "health");
    Map<?, ?> self = (Map<?, ?>) status.get("node");
    assertThat(self.get("id")).asString().matches("[0-9a-f]{32}");
    assertThat(self.get("name")).isEqualTo("alone");
    assertThat(self.get("fabric")).isEqualTo("itest");
    assertThat(self.get("uptime_seconds")).isInstanceOf(Number.class);
    assertThat(self.get("state")).isEqualTo("ready");
    assertThat(status.get("links")).isEqualTo(List.of());
    assertThat(((Map<?, ?>) status.get("bundles")).get("active")).isInstanceOf(Number.class);
    Map<?, ?> health = (Map<?, ?>) ((List<?>) status.get("health")).get(0);
    assertThat(health.get("status")).isIn("ok", "warn", "critical", "unknown");
  }

  @Test
  void exitCodesTellTheTruth() {
    assertThat(node.weft("status").exitCode()).isZero();
    assertThat(node.weft("health", "check").exitCode()).isZero();
    assertThat(node.weft("link", "lst").exitCode()).isEqualTo(2);
    assertThat(node.weft("link", "list", "--nonsense").exitCode()).isEqualTo(2);
    assertThat(node.weft("link", "show", "nobody").exitCode()).isEqualTo(3);
    assertThat(node.weft("bundle", "stop", "0").exitCode()).isEqualTo(4);
    assertThat(node.weft("config", "validate").exitCode()).isZero();
    assertThat(Command.of(Distribution.weft().toString(), "status", "--home", "/nowhere").run().exitCode()).isEqualTo(3);
  }

  @Test
  void outputThatNobodyReadsEndsInSilence() {
    Command.Result result = sh(weft("config explain") + " | true; " + weft("bundle list") + " | head -1");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("ID").hasLineCount(1);
  }
}
