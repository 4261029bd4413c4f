package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Nodes a and b behind a NAT each, and a public hub through which they find each other; b has a file that a fetches. */
final class NatDemo implements Demo {

  private static final String FILE_AT_B = "127.0.0.1:8080";
  private static final String FILE_AT_A = "127.0.0.1:18080";
  private static final int BROKER_PORT = 7_000;
  private static final int RELAY_PORT = 3_478;

  private final Dist dist;
  private final DemoDirectory directory;
  private final Namespaces namespaces;
  private final DemoNode hub;
  private final DemoNode a;
  private final DemoNode b;
  private final List<Process> programs = new ArrayList<>();
  private boolean closed;

  private NatDemo(Dist dist, DemoDirectory directory, Namespaces namespaces) {
    this.dist = dist;
    this.directory = directory;
    this.namespaces = namespaces;
    this.hub = node("hub");
    this.a = node("a");
    this.b = node("b");
  }

  private DemoNode node(String name) {
    return new DemoNode(dist, name, directory.path().resolve(name), namespaces.inside(name));
  }

  static NatDemo create(Dist dist, boolean keep) throws Failure {
    Namespaces namespaces = Namespaces.create();
    try {
      NatDemo demo = new NatDemo(dist, DemoDirectory.create(keep), namespaces);
      try {
        demo.configure();
      } catch (IOException | RuntimeException e) {
        demo.close();
        throw e;
      }
      return demo;
    } catch (IOException e) {
      namespaces.close();
      throw new Failure(Failure.PRECONDITION, "the demo cannot be set up: " + e.getMessage(), e);
    }
  }

  private void configure() throws IOException {
    Map<String, String> secrets = Map.of("formation", DemoNode.newSecret());
    hub.configure("""
        fabric: demo
        node: {name: hub}
        identity: {formation: "secret:file/formation"}
        transport.quic: {listen: "%1$s:7450"}
        signaling.server: {listen: "%1$s:%2$d"}
        relay: {listen: "%1$s:%3$d"}
        """.formatted(Namespaces.HUB, BROKER_PORT, RELAY_PORT), secrets);
    a.configure(member("a", "b") + "forward:\n  - {service: file, at: b, tcp: \"" + FILE_AT_A + "\"}\n", secrets);
    b.configure(member("b", "a") + "expose:\n  - {service: file, tcp: \"" + FILE_AT_B + "\", allow: [a]}\n", secrets);
  }

  private static String member(String name, String peer) {
    return """
        fabric: demo
        node: {name: %1$s}
        identity: {formation: "secret:file/formation"}
        transport.quic: {listen: "0.0.0.0:7450"}
        peers: [{name: %2$s}]
        signaling: ["http://%3$s:%4$d"]
        relays: [{url: "turn:%3$s:%5$d", secret: "secret:formation/relay"}]
        """.formatted(name, peer, Namespaces.HUB, BROKER_PORT, RELAY_PORT);
  }

  @Override
  public boolean tell(Progress progress) throws InterruptedException {
    return new NatStory(this, progress).tell();
  }

  Namespaces namespaces() {
    return namespaces;
  }

  List<DemoNode> nodes() {
    return List.of(hub, a, b);
  }

  DemoNode a() {
    return a;
  }

  DemoNode b() {
    return b;
  }

  /** A program at one end of the download, inside the namespace of its node. It is asked by a line and answers with one. */
  static final class Program {

    private final String name;
    private final Process process;
    private final BufferedReader out;

    private Program(String name, Process process) {
      this.name = name;
      this.process = process;
      this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    void ask() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }

    /** Its next line, as words. */
    String[] answer() throws IOException, DemoFailed {
      String line = out.readLine();
      if (line == null) {
        throw new DemoFailed("the program " + name + " ended early: its connection was cut");
      }
      return line.split(" ");
    }
  }

  Program serveAtB() throws IOException {
    return program("b", "serve", FILE_AT_B);
  }

  Program fetchAtA() throws IOException {
    return program("a", "fetch", FILE_AT_A);
  }

  private Program program(String node, String verb, String address) throws IOException {
    List<String> words = new ArrayList<>(namespaces.inside(node));
    words.addAll(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx32m", "-XX:+UseSerialGC", "-Xshare:auto",
        "-cp", System.getProperty("java.class.path"), LongDownload.class.getName(), verb));
    words.addAll(List.of(address.split(":")));
    Process process = new ProcessBuilder(words)
        .redirectError(ProcessBuilder.Redirect.appendTo(directory.path().resolve(verb + ".log").toFile())).start();
    programs.add(process);
    return new Program(verb, process);
  }

  @Override
  public String whatStays() {
    return "Both nodes, the hub and their network stay";
  }

  @Override
  public List<String> commandsToTry() {
    String weft = dist.dir().resolve("bin/weft") + " --home " + a.home().dir();
    return List.of(weft + " status", weft + " path explain b", weft + " relay list", String.join(" ", namespaces.inside("a")) + " ip addr",
        "tail -f " + a.log());
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    programs.forEach(Process::destroyForcibly);
    Nodes.end(nodes());
    namespaces.close();
    directory.leave();
  }
}
