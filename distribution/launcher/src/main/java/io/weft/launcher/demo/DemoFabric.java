package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/**
 * Three nodes a, b and c on loopback, every one linked to every other, and the services that they carry: a website and an echo on b, which a
 * may use and c may not.
 */
final class DemoFabric implements Demo {

  private final Dist dist;
  private final DemoDirectory directory;
  private final DemoServices services;
  private final List<DemoNode> nodes;
  private final InetSocketAddress webAtA;
  private final InetSocketAddress echoAtA;
  private final InetSocketAddress webAtC;
  private boolean closed;

  private DemoFabric(Dist dist, DemoDirectory directory, DemoServices services, Ports ports) {
    this.dist = dist;
    this.directory = directory;
    this.services = services;
    this.nodes = List.of(node("a"), node("b"), node("c"));
    this.webAtA = ports.tcp();
    this.echoAtA = ports.udp();
    this.webAtC = ports.tcp();
  }

  private DemoNode node(String name) {
    return new DemoNode(dist, name, directory.path().resolve(name), List.of());
  }

  static DemoFabric create(Dist dist, boolean keep) throws Failure {
    try (Ports ports = new Ports()) {
      DemoFabric fabric = new DemoFabric(dist, DemoDirectory.create(keep), new DemoServices(), ports);
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
    List<String> beginnings = Nodes.neighbours(nodes, ports);
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).configure(beginnings.get(i) + servicesOf(nodes.get(i).name()), Map.of("formation", secret));
    }
  }

  private String servicesOf(String node) {
    return switch (node) {
      case "a" -> """
          forward:
            - {service: web, at: b, http: "%s"}
            - {service: echo, at: b, udp: "%s"}
          """.formatted(Ports.text(webAtA), Ports.text(echoAtA));
      case "b" -> """
          expose:
            - {service: web, http: "%s", allow: [a]}
            - {service: echo, udp: "%s", allow: [a]}
          """.formatted(Ports.text(services.web()), Ports.text(services.echo()));
      default -> """
          forward:
            - {service: web, at: b, http: "%s"}
          """.formatted(Ports.text(webAtC));
    };
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
    return "http://" + Ports.text(webAtA);
  }

  InetSocketAddress echoAtA() {
    return echoAtA;
  }

  /** Where c would reach b's website if it were allowed to. */
  String webAtC() {
    return "http://" + Ports.text(webAtC);
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
    Nodes.end(nodes);
    services.close();
    directory.leave();
  }
}
