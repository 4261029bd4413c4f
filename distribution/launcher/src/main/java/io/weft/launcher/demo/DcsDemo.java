package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.support.fence.Attempt;
import io.weft.support.fence.FencedEndpoint;
import io.weft.support.fence.FencedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes a, b and c that coordinate on a store, each with the sample job in its deploy folder; and what the job acts on, which refuses
 * who is too late and writes down who tried.
 */
final class DcsDemo implements Demo {

  static final String JOB = "steps";
  private static final String JOB_BUNDLE = "steps.jar";
  private static final int TTL_MILLIS = 3_000;

  private final Dist dist;
  private final DemoDirectory directory;
  private final DemoStore store;
  private final FencedEndpoint endpoint;
  private final List<DemoNode> nodes;
  private boolean closed;

  private DcsDemo(Dist dist, DemoDirectory directory, DemoStore store, List<DemoNode> nodes) throws IOException {
    this.dist = dist;
    this.directory = directory;
    this.store = store;
    this.nodes = nodes;
    this.endpoint = new FencedEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::write);
  }

  static DcsDemo create(Dist dist, boolean keep, String backend) throws Failure {
    try (Ports ports = new Ports()) {
      List<String> names = List.of("a", "b", "c");
      DemoStore store = DemoStore.of(backend, dist, names, ports);
      DemoDirectory directory = DemoDirectory.create(keep);
      List<DemoNode> nodes = names.stream().map(name -> new DemoNode(dist, name, directory.path().resolve(name), List.of())
          .features("core,node,ops,dcs-" + backend)).toList();
      DcsDemo demo = new DcsDemo(dist, directory, store, nodes);
      try {
        demo.configure(Nodes.neighbours(nodes, ports));
      } catch (IOException | RuntimeException e) {
        demo.close();
        throw e;
      }
      return demo;
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "the demo cannot be set up: " + e.getMessage(), e);
    }
  }

  private void configure(List<String> beginnings) throws IOException {
    Map<String, String> secrets = new HashMap<>(store.secrets());
    secrets.put("formation", DemoNode.newSecret());
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).configure(beginnings.get(i) + store.section() + """
          coordination: {ttl.ms: %d}
          steps: {url: "http://127.0.0.1:%d/", every.seconds: 1}
          """.formatted(TTL_MILLIS, endpoint.port()), secrets);
      nodes.get(i).deploy(dist.dir().resolve("samples").resolve(JOB_BUNDLE));
    }
  }

  private Path file() {
    return directory.path().resolve("record");
  }

  private void write(Attempt attempt) {
    try {
      Files.writeString(file(), attempt.text() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean tell(Progress progress) throws InterruptedException {
    return new DcsStory(this, progress).tell();
  }

  String startStore() throws DemoFailed, IOException, InterruptedException {
    return store.start(directory.path());
  }

  String backend() {
    return store.backend();
  }

  double ttlSeconds() {
    return TTL_MILLIS / 1000.0;
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  DemoNode node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  FencedRecord record() {
    return endpoint.record();
  }

  @Override
  public String whatStays() {
    return "The three nodes and their store stay";
  }

  @Override
  public List<String> commandsToTry() {
    String weft = dist.dir().resolve("bin/weft") + " --home " + nodes.get(0).home().dir();
    return List.of("tail -f " + file(), weft + " lease list", weft + " job history " + JOB, weft + " job why " + JOB, weft + " dcs status");
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    Nodes.end(nodes);
    store.close();
    endpoint.close();
    directory.leave();
  }
}
