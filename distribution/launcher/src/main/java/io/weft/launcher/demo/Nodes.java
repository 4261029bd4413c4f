package io.weft.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is done with all nodes of a demo at once. */
final class Nodes {

  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final Duration END_MAX = Duration.ofSeconds(11);

  private Nodes() {}

  /** The beginning of the configuration of each: on loopback, every one the peer of every other. */
  static List<String> neighbours(List<DemoNode> nodes, Ports ports) {
    List<InetSocketAddress> listen = nodes.stream().map(node -> ports.udp()).toList();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      StringBuilder yaml = new StringBuilder("fabric: demo\n");
      yaml.append("node: {name: ").append(nodes.get(i).name()).append("}\n");
      yaml.append("identity: {formation: \"secret:file/formation\"}\n");
      yaml.append("transport.quic: {listen: \"").append(Ports.text(listen.get(i))).append("\"}\npeers:\n");
      for (int peer = 0; peer < nodes.size(); peer++) {
        if (peer != i) {
          yaml.append("  - {name: ").append(nodes.get(peer).name()).append(", addresses: [\"")
              .append(Ports.text(listen.get(peer))).append("\"]}\n");
        }
      }
      all.add(yaml.toString());
    }
    return all;
  }

  /** Starts all and waits until they are ready. */
  static String start(List<DemoNode> nodes) throws DemoFailed, IOException {
    long start = System.nanoTime();
    for (DemoNode node : nodes) {
      node.start();
    }
    for (DemoNode node : nodes) {
      awaitReady(node);
    }
    return "all ready after " + Steps.seconds(start);
  }

  static void awaitReady(DemoNode node) throws DemoFailed {
    node.await("ready node " + node.name(), START_MAX, () -> node.state().equals("ready"));
  }

  /** Waits until each has a link to each other. */
  static String link(List<DemoNode> nodes) throws DemoFailed {
    long start = System.nanoTime();
    for (DemoNode node : nodes) {
      for (DemoNode peer : nodes) {
        if (peer != node) {
          node.await("link from " + node.name() + " to " + peer.name(), START_MAX, () -> node.isLinked(peer.name()));
        }
      }
    }
    return nodes.size() * (nodes.size() - 1) / 2 + " links, mutual TLS 1.3 over QUIC, " + Steps.seconds(start) + " later";
  }

  /** Ends them, in order if they can. */
  static void end(List<DemoNode> nodes) {
    nodes.forEach(DemoNode::terminate);
    nodes.forEach(node -> node.awaitEnd(END_MAX));
  }
}
