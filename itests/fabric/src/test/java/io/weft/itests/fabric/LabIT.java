package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.lab.Lab;
import io.weft.itests.net.Pattern;
import io.weft.itests.net.Transfer;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three nodes on three machines, as far as they can tell: namespaces with a network in between that loses and cuts. */
class LabIT {

  private static final Map<String, String> ADDRESSES = Map.of("a", "198.51.100.1", "b", "198.51.100.2", "c", "198.51.100.3");
  private static final int PORT = 5_800;
  private static final long BLOCKS = (32L << 20) / Pattern.BLOCK;

  private static Lab lab;
  private static ProcessFabric fabric;

  @BeforeAll
  static void start() {
    Machine.needs("ping");
    lab = Lab.up("it", "three");
    fabric = ProcessFabric.in(lab::inside, name -> new NodeConfig(name, ADDRESSES.get(name) + ":7450"), LabIT::configure, "a", "b", "c").start();
  }

  @AfterAll
  static void stop() {
    if (fabric != null) {
      fabric.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private static void configure(NodeConfig node) {
    switch (node.name()) {
      case "a" -> node.forward("transfer", "b", "tcp", "127.0.0.1:" + PORT);
      case "b" -> node.expose("transfer", "tcp", "127.0.0.1:" + PORT, "a");
      default -> { }
    }
  }

  @Test
  void linksSurviveLossAndBytesArriveWhole() throws Exception {
    List<Long> before = linksUp();
    lab.fault("loss", "a", "up=5", "down=5");
    lab.fault("loss", "b", "up=5", "down=5");
    try {
      assertThat(lostPercent("a", "b")).as("the fault is there").isGreaterThan(5);
      assertThat(transfer()).startsWith("whole");
    } finally {
      lab.restore();
    }
    assertThat(linksUp()).as("links were not renewed").isEqualTo(before);
  }

  @Test
  void aCutBetweenTwoHealsAndTheThirdSeesNothing() {
    long other = fabric.node("b").linksUp("c");
    lab.fault("partition", "a", "peer=b");
    try {
      awaitState("a", "b", false);
      awaitState("b", "a", false);
      assertThat(fabric.node("a").link("c").get("state")).isEqualTo("up");
    } finally {
      lab.restore();
    }
    awaitState("a", "b", true);
    awaitState("b", "a", true);
    assertThat(fabric.node("b").linksUp("c")).isEqualTo(other);
  }

  private static void awaitState(String node, String peer, boolean up) {
    Await.until(node + " to see " + peer + (up ? " up" : " gone"), Duration.ofSeconds(90),
        () -> up == "up".equals(fabric.node(node).link(peer).get("state")));
  }

  private static List<Long> linksUp() {
    List<Long> all = new ArrayList<>();
    for (NodeProcess node : fabric.nodes()) {
      fabric.nodes().stream().filter(other -> other != node).forEach(other -> all.add(node.linksUp(other.name())));
    }
    return all;
  }

  private static double lostPercent(String from, String to) {
    String out = lab.command(from, "ping", "-c", "300", "-i", "0.003", "-W", "1", "-q", ADDRESSES.get(to)).run().out();
    return Double.parseDouble(out.replaceAll("(?s).* ([0-9.]+)% packet loss.*", "$1"));
  }

  private static String transfer() throws Exception {
    Path log = Files.createTempFile("transfer", ".log");
    Process server = lab.command("b", java("serve")).start(log);
    try {
      Await.until("the sender", Duration.ofSeconds(30), () -> Files.readString(log).contains("listening"));
      return lab.command("a", java("read", "1000")).within(Duration.ofMinutes(3)).run().orFail();
    } finally {
      server.destroyForcibly();
      Files.delete(log);
    }
  }

  private static String[] java(String mode, String... more) {
    List<String> words = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx64m", "-XX:+UseSerialGC", "-cp",
        Path.of(Transfer.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString(), Transfer.class.getName(), mode,
        "127.0.0.1", Integer.toString(PORT), Long.toString(BLOCKS)));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
