package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does to a node, with the same files and commands. */
class OperatingIT {

  private static final EchoServer echo = new EchoServer();
  private static ProcessFabric fabric;

  @BeforeAll
  static void start() {
    fabric = ProcessFabric.of(OperatingIT::configure, "a", "b").start();
  }

  @AfterAll
  static void stop() {
    fabric.close();
    echo.close();
  }

  private static void configure(NodeConfig node) {
    if (node.name().equals("b")) {
      node.expose("echo", "tcp", echo.address(), "a");
    }
  }

  @BeforeEach
  void healthy() {
    fabric.awaitLinks();
  }

  @Test
  void statusKeepsItsShape() {
    Map<String, Object> status = fabric.node("a").status();
    assertThat(status).containsKeys("node", "links", "services", "listeners", "bundles", "health");
    assertThat(keys(status.get("node"))).contains("id", "name", "fabric", "version", "uptime_seconds", "state");
    assertThat(keys(first(status.get("links"))))
        .contains("peer", "peer_id", "state", "path", "channels", "bytes_sent", "bytes_received", "since", "reason");
    assertThat(keys(((Map<?, ?>) first(status.get("links"))).get("path"))).contains("type", "local", "remote", "rtt_ms");
    assertThat(keys(first(status.get("services")))).contains("name", "kind", "exposed", "peers");
    assertThat(keys(first(status.get("listeners")))).contains("address", "protocol", "role");
    assertThat(keys(status.get("bundles"))).contains("active", "failed");
    assertThat(keys(first(status.get("health")))).contains("name", "status", "message");
    assertThat(((Map<?, ?>) status.get("bundles")).get("failed")).isEqualTo(List.of());
  }

  @Test
  void anEditIsAppliedWithoutTouchingLinks() {
    NodeProcess a = fabric.node("a");
    long links = a.linksUp("b");
    int port = Ports.freeTcp();

    a.config().forward("echo", "b", "tcp", "127.0.0.1:" + port);
    a.rewriteConfig();
    Await.until("the new forward", Duration.ofSeconds(20), () -> answers(port));

    a.config().clearForwards();
    a.rewriteConfig();
    Await.until("the forward to go", Duration.ofSeconds(20), () -> !answers(port));
    assertThat(a.linksUp("b")).isEqualTo(links);
  }

  @Test
  void aBadEditChangesNothingAndIsNamed() throws Exception {
    NodeProcess a = fabric.node("a");
    Path file = a.home().resolve("conf/weft.yaml");
    long links = a.linksUp("b");
    Files.writeString(file, a.config().yaml() + "forwards: []\n");
    Await.until("the problem to be shown", Duration.ofSeconds(20), () -> a.status().get("problems").toString().contains("forwards"));
    assertThat(a.status().get("problems").toString()).contains("weft.yaml:");
    assertThat(a.linksUp("b")).isEqualTo(links);
    a.rewriteConfig();
    Await.until("the problem to go", Duration.ofSeconds(20), () -> a.status().get("problems").equals(List.of()));
  }

  @Test
  void aSecretThatOthersCanReadIsRefused() throws Exception {
    NodeConfig config = new NodeConfig("d", "127.0.0.1:" + Ports.freeUdp());
    withNode(config, node -> {
      Path secret = node.home().resolve("conf/secrets/formation");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
      node.start();
      Await.until("the refusal", Duration.ofSeconds(40), () -> node.log().contains("formation") && node.log().matches("(?s).*(0600|chmod|permission).*"));
      assertThat(node.status().toString()).doesNotContain("state=ready");
    });
  }

  @Test
  void anUnknownKeyStopsTheStartWithFileLineAndKey() throws Exception {
    NodeConfig config = new NodeConfig("d", "127.0.0.1:" + Ports.freeUdp()).line("frobnicate: 1");
    withNode(config, node -> {
      node.start();
      assertThat(node.awaitExit(Duration.ofSeconds(40))).isNotZero();
      assertThat(node.log()).contains("weft.yaml:5").contains("frobnicate").doesNotContain("\tat ");
    });
  }

  @Test
  void aHomeHasOneNodeAtATime() {
    Command.Result second = fabric.node("a").weft("run");
    assertThat(second.exitCode()).isEqualTo(3);
    assertThat(second.out() + second.err()).contains("already running").doesNotContain("\tat ");
  }

  @Test
  void afterAKillTheNextStartIsClean() {
    NodeProcess b = fabric.node("b");
    b.kill();
    assertThat(b.home().resolve("run/control.sock")).as("the socket that a killed node leaves").exists();
    b.start().awaitReady();
    fabric.awaitLinks();
  }

  @Test
  void everyListenerIsOnLoopbackAndListed() throws Exception {
    for (Object listener : (List<?>) fabric.node("a").status().get("listeners")) {
      String address = (String) ((Map<?, ?>) listener).get("address");
      assertThat(address).matches("127\\..*|/.*");
    }
  }

  @Test
  void theSecretIsNowhereToBeSeen() throws Exception {
    NodeConfig config = new NodeConfig("d", "127.0.0.1:" + Ports.freeUdp()).line("log: {format: json, level: trace, levels: {root: trace}}");
    withNode(config, node -> {
      node.env("D_SECRET", "what-nobody-may-see").start().awaitReady();
      List<String> secrets = List.of(Files.readString(node.home().resolve("conf/secrets/formation")), "what-nobody-may-see");
      String shown = String.join("\n", node.status().toString(), node.ask("config:explain").out(), node.ask("secret:list").out(),
          node.ask("component:list", "--json").out(), node.ask("component:show", "weft.node.identity").out(),
          node.ask("component:show", "weft.secret.basic.formation").out(), node.ask("bundle:services").out(),
          Files.readString(Path.of("/proc/" + node.pid() + "/cmdline")));
      // A value that was resolved does not get into the log either when somebody hands it over.
      Command.Result mistake = node.ask("log:level", "io.weft.x", secrets.get(0));
      assertThat(node.terminate(Duration.ofSeconds(20))).isZero();
      for (String secret : secrets) {
        assertThat(shown + mistake.err() + node.log()).doesNotContain(secret);
      }
      assertThat(mistake.err()).contains("***");
      assertThat(node.log().lines()).as("JSON from the first line on").allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    });
  }

  @Test
  void aSignalEndsAStartInOrderToo() throws Exception {
    NodeConfig config = new NodeConfig("d", "127.0.0.1:" + Ports.freeUdp());
    withNode(config, node -> {
      for (int i = 0; i < 4; i++) {
        node.start();
        Path lock = node.home().resolve("run/lock");
        long moment = i * 150_000_000L;
        Await.until("the node to have begun", Duration.ofSeconds(20), () -> Files.exists(lock) && Files.size(lock) > 0);
        long begun = System.nanoTime();
        Await.until("some way into the start", Duration.ofSeconds(5), () -> System.nanoTime() - begun >= moment);
        assertThat(node.terminate(Duration.ofSeconds(10))).isZero();
        Files.deleteIfExists(lock);
      }
    });
  }

  private interface NodeTest {
    void run(NodeProcess node) throws Exception;
  }

  private static void withNode(NodeConfig config, NodeTest test) throws Exception {
    try (ProcessFabric alone = ProcessFabric.alone(config)) {
      test.run(alone.node(config.name()));
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write(7);
      return socket.getInputStream().read() == 7;
    } catch (IOException e) {
      return false; // nobody listens, or the forward goes just now
    }
  }

  private static Object first(Object list) {
    return ((List<?>) list).get(0);
  }

  private static List<String> keys(Object map) {
    return ((Map<?, ?>) map).keySet().stream().map(String::valueOf).toList();
  }
}
