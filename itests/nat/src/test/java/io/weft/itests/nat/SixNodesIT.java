package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.NatFabric;
import io.weft.itests.net.Fetch;
import io.weft.itests.process.NodeConfig;
import io.weft.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Six nodes behind routers of five kinds, each with four services: all 15 links, traffic everywhere, and partitions that heal. */
@Tag("nightly")
class SixNodesIT {

  private static final int NODES = 6;
  private static final List<String> SERVICES = List.of("web", "db", "cache", "queue");
  private static final Duration LINKED_MAX = Duration.ofSeconds(60);
  private static final Duration HEALED_MAX = Duration.ofSeconds(10);

  /** A link dies of silence within 30 s; it may have been heard just before the cut. */
  private static final Duration NOTICED_MAX = Duration.ofSeconds(45);

  private static NatFabric fabric;
  private static final List<Process> SERVERS = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    fabric = NatFabric.up("six", "sixnodes", node -> { }, names());
    for (int i = 1; i <= NODES; i++) {
      int node = i;
      Path log = Files.createTempFile("fetch", ".log");
      List<String> ports = SERVICES.stream().map(service -> servicePort(service) + "=n" + node + "-" + service).toList();
      SERVERS.add(fabric.lab().command("n" + i, program("serve", ports)).start(log));
      Await.until("services of n" + i, Duration.ofSeconds(30), () -> Files.readString(log).contains("listening"));
    }
    // Together with the peers, whom services and forwards name.
    Stream.of(names()).forEach(name -> configure(fabric.node(name).config()));
    fabric.connectAll(names());
    fabric.awaitAllUp(LINKED_MAX, names());
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(Process::destroyForcibly);
    if (fabric != null) {
      fabric.close();
    }
  }

  @AfterEach
  void restore() {
    fabric.lab().restore();
  }

  private static String[] names() {
    return IntStream.rangeClosed(1, NODES).mapToObj(i -> "n" + i).toArray(String[]::new);
  }

  private static void configure(NodeConfig node) {
    String[] others = Stream.of(names()).filter(name -> !name.equals(node.name())).toArray(String[]::new);
    for (String service : SERVICES) {
      node.expose(node.name() + "-" + service, "tcp", "127.0.0.1:" + servicePort(service), others);
    }
    for (String peer : partners(node.name())) {
      SERVICES.forEach(service -> node.forward(peer + "-" + service, peer, "tcp", "127.0.0.1:" + forwardPort(peer, service)));
    }
  }

  /** Whom a node fetches from: the next two. Twelve pairs of nodes, with four services each. */
  private static List<String> partners(String node) {
    int i = Integer.parseInt(node.substring(1));
    return List.of("n" + (i % NODES + 1), "n" + ((i + 1) % NODES + 1));
  }

  private static int servicePort(String service) {
    return 8_000 + SERVICES.indexOf(service);
  }

  private static int forwardPort(String peer, String service) {
    return 8_100 + 10 * Integer.parseInt(peer.substring(1)) + SERVICES.indexOf(service);
  }

  private static String[] program(String verb, List<String> ports) {
    String java = ProcessHandle.current().info().command().orElse("java");
    String classes = Path.of(Fetch.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
    List<String> words = new ArrayList<>(
        List.of(java, "-Xmx32m", "-XX:+UseSerialGC", "-cp", classes, Fetch.class.getName(), verb, "127.0.0.1"));
    words.addAll(ports);
    return words.toArray(String[]::new);
  }

  @Test
  void everyFetchArrives() {
    List<String> results = new ArrayList<>();
    for (String node : names()) {
      List<String> ports = new ArrayList<>();
      partners(node).forEach(peer -> SERVICES.forEach(s -> ports.add(forwardPort(peer, s) + "=" + peer + "-" + s)));
      String out = fabric.lab().command(node, program("get", ports)).run().orFail();
      out.lines().map(line -> node + ": " + line).forEach(results::add);
    }
    assertThat(results).hasSize(48).allMatch(result -> result.contains(": ok "));
  }

  @Test
  void halvesFindEachOtherAgain() {
    for (int i = 1; i <= 3; i++) {
      for (int j = 4; j <= NODES; j++) {
        fabric.lab().fault("partition", "r" + i, "peer=r" + j);
      }
      fabric.lab().fault("partition", "r" + i, "peer=" + NatFabric.HUB);
    }
    Await.until("the halves to lose each other", NOTICED_MAX, () -> IntStream.rangeClosed(1, 3)
        .allMatch(i -> IntStream.rangeClosed(4, NODES).noneMatch(j -> areLinked("n" + i, "n" + j))));
    assertThat(fabric.route("n1", "n2").isUp()).as("inside a half links stay").isTrue();
    assertThat(fabric.lab().dropped("r1").up()).isPositive();
    fabric.lab().restore();
    fabric.awaitAllUp(HEALED_MAX, names());
  }

  private static boolean areLinked(String one, String two) {
    return fabric.route(one, two).isUp() && fabric.route(two, one).isUp();
  }

  @Test
  void oneDirectionLostIsHealedOrRelayed() {
    fabric.lab().fault("partition", "r1", "peer=r2", "dir=up");
    fabric.awaitAllUp(NOTICED_MAX, names());
    Await.until("packets to be lost", NOTICED_MAX, () -> fabric.lab().dropped("r1").up() > 10);
    fabric.awaitAllUp(NOTICED_MAX, names());
    fabric.lab().restore();
    fabric.awaitAllUp(HEALED_MAX, names());
  }
}
