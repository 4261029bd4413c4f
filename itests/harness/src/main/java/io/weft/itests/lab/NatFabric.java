package io.weft.itests.lab;

import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Real nodes on the hosts of a lab, and a public hub (signalling broker and relay) through which they find each other. Nodes know no
 * address of each other. Closing it ends the nodes and the lab.
 */
public final class NatFabric implements AutoCloseable {

  public static final String HUB = "hub";
  public static final String HUB_ADDRESS = "198.51.100.10";
  public static final String HUB_SECOND_ADDRESS = "198.51.100.11";
  public static final int BROKER_PORT = 7_000;
  public static final int RELAY_PORT = 3_478;

  /** Of the hub. */
  public static final String BROKER_LINE = "signaling.server: {listen: \"" + HUB_ADDRESS + ":" + BROKER_PORT + "\"}";

  /** Of the others: the hub's relay over UDP, and over TCP for where UDP does not get out. */
  public static final String RELAYS_LINE = "relays: [{url: \"turn:" + HUB_ADDRESS + ":" + RELAY_PORT
      + "\", secret: \"secret:formation/relay\"}, {url: \"turn:" + HUB_ADDRESS + ":" + RELAY_PORT
      + "?transport=tcp\", secret: \"secret:formation/relay\"}]";

  /** Of the others. */
  public static final String SIGNALING_LINE = "signaling: [\"http://" + HUB_ADDRESS + ":" + BROKER_PORT + "\"]";

  private static final int STARTED_AT_ONCE = 4;
  private static final int FIRST_SERVICE_PORT = 9_000;

  private final Lab lab;
  private final ProcessFabric nodes;
  private final Map<String, Integer> services = new HashMap<>();
  private int nextServicePort = FIRST_SERVICE_PORT;
  private final Set<Set<String>> peers = new HashSet<>();

  private NatFabric(Lab lab, ProcessFabric nodes) {
    this.lab = lab;
    this.nodes = nodes;
  }

  /** How a link goes at one end. */
  public record Route(String state, String type, String local, String remote, String address) {

    public boolean isUp() {
      return state.equals("up") || state.equals("degraded");
    }

    public boolean is(String wanted) {
      return isUp() && type.equals(wanted);
    }
  }

  /**
   * Sets the lab up and starts the hub and the nodes, which are peers of nobody; or skips the test where the machine cannot.
   *
   * @param configure adds to each configuration before it is written, that of the hub too
   */
  public static NatFabric up(String name, String topology, Consumer<NodeConfig> configure, String... names) {
    Lab lab = Lab.up(name, topology);
    try {
      List<NodeConfig> configs = new ArrayList<>(List.of(hub()));
      Stream.of(names).map(NatFabric::member).forEach(configs::add);
      configs.forEach(configure);
      NatFabric fabric = new NatFabric(lab, ProcessFabric.of(lab::inside, configs));
      start(fabric.nodes.nodes());
      return fabric;
    } catch (RuntimeException | Error e) {
      lab.close();
      throw e;
    }
  }

  private static NodeConfig hub() {
    return new NodeConfig(HUB, HUB_ADDRESS + ":7450")
        .line(BROKER_LINE)
        .line("relay: {listen: \"" + HUB_ADDRESS + ":" + RELAY_PORT + "\", alternate: \"" + HUB_SECOND_ADDRESS + ":" + (RELAY_PORT + 1) + "\"}");
  }

  private static NodeConfig member(String name) {
    return new NodeConfig(name, "0.0.0.0:7450")
        .line(SIGNALING_LINE)
        .line("relays: [{url: \"turn:" + HUB_ADDRESS + ":" + RELAY_PORT + "\", secret: \"secret:formation/relay\"}]");
  }

  /** A few at a time: a start is work for the processor, and all at once would be slow for each. */
  private static void start(List<NodeProcess> all) {
    for (int from = 0; from < all.size(); from += STARTED_AT_ONCE) {
      List<NodeProcess> some = all.subList(from, Math.min(all.size(), from + STARTED_AT_ONCE));
      some.forEach(NodeProcess::start);
      some.forEach(NodeProcess::awaitReady);
    }
  }

  public Lab lab() {
    return lab;
  }

  public NodeProcess node(String name) {
    return nodes.node(name);
  }

  public NodeProcess hubNode() {
    return node(HUB);
  }

  /** Makes two nodes peers of each other, on both sides at once, and lets them look for each other if they had been told not to. */
  public void connect(String one, String two) {
    boolean known = !peers.add(Set.of(one, two));
    if (known) {
      ask(one, "link:open", two);
      ask(two, "link:open", one);
      return;
    }
    node(one).config().peer(two);
    node(two).config().peer(one);
    node(one).rewriteConfig();
    node(two).rewriteConfig();
  }

  /** Whether each of these nodes knows that the other is its peer: it notices within a second that its configuration changed. */
  public boolean areKnown(String one, String two) {
    return knows(one, two) && knows(two, one);
  }

  private boolean knows(String node, String peer) {
    return node(node).link(peer).containsKey("state");
  }

  /** Makes all these peers of each other. */
  public void connectAll(String... names) {
    for (String name : names) {
      Stream.of(names).filter(other -> !other.equals(name)).forEach(node(name).config()::peer);
      Stream.of(names).filter(other -> !other.equals(name)).forEach(other -> peers.add(Set.of(name, other)));
    }
    Stream.of(names).forEach(name -> node(name).rewriteConfig());
  }

  /** Waits until each of these has a link to each other, whichever way it goes. */
  public void awaitAllUp(Duration most, String... names) {
    for (String one : names) {
      for (String two : names) {
        if (!one.equals(two)) {
          Await.until("a link of " + one + " and " + two, most, Paced.ask(() -> route(one, two).isUp()));
        }
      }
    }
  }

  /** Links these pairs once and closes the links: what a JVM does for the first time is not what tests measure. */
  public void warmUp(List<List<String>> pairs) {
    pairs.forEach(pair -> connect(pair.get(0), pair.get(1)));
    pairs.forEach(pair -> awaitEitherWay(pair.get(0), pair.get(1), Duration.ofSeconds(60)));
    disconnectAll();
  }

  /** Closes all links, and keeps them closed until {@link #connect}. */
  public void disconnectAll() {
    disconnect(peers);
  }

  /** Closes the link of these two, and keeps it closed until {@link #connect}. */
  public void disconnect(String one, String two) {
    disconnect(Set.of(Set.of(one, two)));
  }

  private void disconnect(Set<Set<String>> pairs) {
    Await.until("links to be closed", Duration.ofSeconds(30), Paced.ask(() -> {
      boolean closed = true;
      for (Set<String> pair : pairs) {
        for (String node : pair) {
          String peer = pair.stream().filter(name -> !name.equals(node)).findFirst().orElseThrow();
          if (!route(node, peer).state().equals("closed")) {
            closed = false;
            ask(node, "link:close", peer, "--stay", "--yes");
          }
        }
      }
      return closed;
    }));
  }

  /** Ends these nodes and starts them again, peers of nobody and without services: what they knew of the network around them was of another one. */
  public void restart(List<String> names) {
    for (String name : names) {
      node(name).terminate(Duration.ofSeconds(30));
      node(name).config().clearPeers().clearForwards().clearExposes();
      node(name).rewriteConfig();
    }
    peers.removeIf(pair -> pair.stream().anyMatch(names::contains));
    services.keySet().removeIf(key -> Stream.of(key.split(">")).anyMatch(names::contains));
    start(names.stream().map(this::node).toList());
  }

  private void ask(String node, String... words) {
    try {
      node(node).ask(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How the link from one node to another goes now. */
  public Route route(String from, String to) {
    Map<String, Object> link = node(from).link(to);
    Map<?, ?> path = link.get("path") instanceof Map<?, ?> map ? map : Map.of();
    return new Route(text(link, "state"), text(path, "type"), text(path, "local"), text(path, "remote"), text(path, "address"));
  }

  /** Whether both ends say that their link goes this way: {@code direct} or {@code relayed}. */
  public boolean linked(String one, String two, String way) {
    return route(one, two).is(way) && route(two, one).is(way);
  }

  /** Waits until both ends say so; returns how long it took. An error shows why, as the nodes see it. */
  public Duration awaitLinked(String one, String two, String way, Duration most) {
    long start = System.nanoTime();
    try {
      Await.until("a " + way + " link of " + one + " and " + two, most, Paced.ask(() -> linked(one, two, way)));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + explain(one, two), e);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Waits until both ends say that their link is up, whichever way it goes; returns how long it took. */
  public Duration awaitEitherWay(String one, String two, Duration most) {
    long start = System.nanoTime();
    Await.until("a link of " + one + " and " + two, most, Paced.ask(() -> route(one, two).isUp() && route(two, one).isUp()));
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** What both ends say of their way to each other, and the end of their logs. */
  public String explain(String one, String two) {
    return explainAt(one, two) + "\n" + explainAt(two, one);
  }

  private String explainAt(String node, String peer) {
    List<String> log = node(node).log().lines().toList();
    return "== " + node + ": " + route(node, peer) + "\n" + node(node).weft("path", "explain", peer).out() + "\n"
        + String.join("\n", log.subList(Math.max(0, log.size() - 15), log.size()));
  }

  /** Lets {@code to} reach a port of {@code from}, and sends bytes that way until the transfer is closed. */
  public SteadyTransfer transfer(String from, String to, double megabytesPerSecond) {
    int port = services.computeIfAbsent(from + ">" + to, key -> {
      int next = nextServicePort++;
      node(from).config().expose("s" + next, "tcp", "127.0.0.1:" + next, to);
      node(to).config().forward("s" + next, from, "tcp", "127.0.0.1:" + next);
      node(from).rewriteConfig();
      node(to).rewriteConfig();
      return next;
    });
    Await.until("the forward at " + to, Duration.ofSeconds(60), () -> node(to).status().toString().contains("127.0.0.1:" + port)
        && node(to).status().toString().contains("s" + port));
    return SteadyTransfer.start(lab, from, to, port, megabytesPerSecond);
  }

  private static String text(Map<?, ?> map, String key) {
    Object value = map.get(key);
    return value == null ? "" : value.toString();
  }

  @Override
  public void close() {
    try {
      nodes.close();
    } finally {
      lab.close();
    }
  }
}
