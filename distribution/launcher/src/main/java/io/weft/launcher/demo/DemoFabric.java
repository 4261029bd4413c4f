package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.framework.Trees;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Three nodes a, b and c on loopback, every one linked to every other, and the services that they carry: a website and an echo on b, which a
 * may use and c may not.
 */
final class DemoFabric implements Demo {

  private static final Duration END_MAX = Duration.ofSeconds(11);

  private final Dist dist;
  private final Path dir;
  private final boolean keep;
  private final DemoServices services;
  private final List<DemoNode> nodes;
  private final InetSocketAddress webAtA;
  private final InetSocketAddress echoAtA;
  private final InetSocketAddress webAtC;
  private boolean closed;

  private DemoFabric(Dist dist, Path dir, boolean keep, DemoServices services, Ports ports) {
    this.dist = dist;
    this.dir = dir;
    this.keep = keep;
    this.services = services;
    this.nodes = List.of(node("a"), node("b"), node("c"));
    this.webAtA = ports.tcp();
    this.echoAtA = ports.udp();
    this.webAtC = ports.tcp();
  }

  private DemoNode node(String name) {
    return new DemoNode(dist, name, dir.resolve(name), List.of());
  }

  static DemoFabric create(Dist dist, boolean keep) throws Failure {
    try (Ports ports = new Ports()) {
      Path dir = Files.createTempDirectory(
          "weft-demo-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      DemoFabric fabric = new DemoFabric(dist, dir, keep, new DemoServices(), ports);
      try {
        fabric.configure(ports);
      } catch (IOException | RuntimeException e) {
        fabric.close();
        throw e;
      }
      return fabric;
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "the demo cannot be set up: " + e.getMessage(), e);
    }
  }

  private void configure(Ports ports) throws IOException {
    String secret = DemoNode.newSecret();
    List<String> listen = List.of(text(ports.udp()), text(ports.udp()), text(ports.udp()));
    for (int i = 0; i < nodes.size(); i++) {
      StringBuilder yaml = new StringBuilder("fabric: demo\n");
      yaml.append("node: {name: ").append(nodes.get(i).name()).append("}\n");
      yaml.append("identity: {formation: \"secret:file/formation\"}\n");
      yaml.append("transport.quic: {listen: \"").append(listen.get(i)).append("\"}\npeers:\n");
      for (int peer = 0; peer < nodes.size(); peer++) {
        if (peer != i) {
          yaml.append("  - {name: ").append(nodes.get(peer).name()).append(", addresses: [\"").append(listen.get(peer)).append("\"]}\n");
        }
      }
      yaml.append(servicesOf(nodes.get(i).name()));
      nodes.get(i).configure(yaml.toString(), Map.of("formation", secret));
    }
  }

  private String servicesOf(String node) {
    return switch (node) {
      case "a" -> """
          forward:
            - {service: web, at: b, http: "%s"}
            - {service: echo, at: b, udp: "%s"}
          """.formatted(text(webAtA), text(echoAtA));
      case "b" -> """
          expose:
            - {service: web, http: "%s", allow: [a]}
            - {service: echo, udp: "%s", allow: [a]}
          """.formatted(text(services.web()), text(services.echo()));
      default -> """
          forward:
            - {service: web, at: b, http: "%s"}
          """.formatted(text(webAtC));
    };
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  DemoNode a() {
    return nodes.get(0);
  }

  DemoNode b() {
    return nodes.get(1);
  }

  DemoNode c() {
    return nodes.get(2);
  }

  /** Where a reaches b's website. */
  String webAtA() {
    return "http://" + text(webAtA);
  }

  InetSocketAddress echoAtA() {
    return echoAtA;
  }

  /** Where c would reach b's website if it were allowed to. */
  String webAtC() {
    return "http://" + text(webAtC);
  }

  /** Fails if nobody listens there. */
  void connectToWebAtC() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(webAtC, 5_000);
    }
  }

  @Override
  public boolean tell(Progress progress) throws InterruptedException {
    return new Story(this, progress).tell();
  }

  @Override
  public String whatStays() {
    return "The three nodes stay";
  }

  @Override
  public List<String> commandsToTry() {
    String weft = dist.dir().resolve("bin/weft") + " --home " + a().home().dir();
    return List.of(weft + " status", weft + " link list", weft + " shell", "curl " + webAtA() + "/", "tail -f " + a().log());
  }

  /** Ends the nodes, in order if they can, and removes what they left. Safe to call twice, from any thread. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    nodes.forEach(DemoNode::terminate);
    nodes.forEach(node -> node.awaitEnd(END_MAX));
    services.close();
    if (keep) {
      System.out.println("Kept " + dir);
      return;
    }
    try {
      Trees.delete(dir);
    } catch (IOException e) {
      System.err.println("weft: could not remove " + dir + ": " + e.getMessage());
    }
  }

  /** Free ports: all held until the last one is chosen, so that no two are the same. */
  private static final class Ports implements AutoCloseable {

    private final List<AutoCloseable> held = new java.util.ArrayList<>();

    InetSocketAddress tcp() {
      try {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
      } catch (IOException e) {
        throw new IllegalStateException("no free TCP port on loopback", e);
      }
    }

    InetSocketAddress udp() {
      try {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        held.add(socket);
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
      } catch (IOException e) {
        throw new IllegalStateException("no free UDP port on loopback", e);
      }
    }

    @Override
    public void close() throws IOException {
      for (AutoCloseable socket : held) {
        try {
          socket.close();
        } catch (IOException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException("sockets throw nothing else", e);
        }
      }
    }
  }
}
