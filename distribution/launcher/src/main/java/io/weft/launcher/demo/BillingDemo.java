package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Nodes a, b and c that keep the same books, in a PostgreSQL that a runs. */
final class BillingDemo implements Demo {

  static final String SOURCE = "bank";
  private static final String FEATURE = "billing";

  private final Dist dist;
  private final DemoDirectory directory;
  private final Path database;
  private final List<DemoNode> nodes;
  private boolean closed;

  private BillingDemo(Dist dist, DemoDirectory directory, Path database, List<DemoNode> nodes) {
    this.dist = dist;
    this.directory = directory;
    this.database = database;
    this.nodes = nodes;
  }

  static BillingDemo create(Dist dist, boolean keep) throws Failure {
    if (!Files.exists(dist.features().resolve(FEATURE + ".json"))) {
      throw new Failure(Failure.PRECONDITION, "this version has no feature " + FEATURE);
    }
    try (Ports ports = new Ports()) {
      DemoDirectory directory = DemoDirectory.create(keep);
      Path database = DemoDirectory.temporary(); // beside the homes, since another user runs the server where root runs this
      List<DemoNode> nodes = List.of("a", "b", "c").stream()
          .map(name -> new DemoNode(dist, name, directory.path().resolve(name), List.of()).features("core,node,ops," + FEATURE)).toList();
      BillingDemo demo = new BillingDemo(dist, directory, database, nodes);
      try {
        demo.configure(Nodes.neighbours(nodes, ports), ports.tcp());
      } catch (IOException | RuntimeException e) {
        demo.close();
        throw e;
      }
      return demo;
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "the demo cannot be set up: " + e.getMessage(), e);
    }
  }

  private void configure(List<String> beginnings, InetSocketAddress server) throws IOException {
    Files.createDirectories(deposits());
    Map<String, String> secrets = Map.of("formation", DemoNode.newSecret(), "store", DemoNode.newSecret());
    String own = "store.postgres: {directory: \"%s\", port: %d, memory.mb: 64, password: \"secret:file/store\"}\n".formatted(database,
        server.getPort());
    String shared = "store.postgres: {url: \"jdbc:postgresql://%s/weft\", user: weft, password: \"secret:file/store\"}\n".formatted(
        Ports.text(server));
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).configure(beginnings.get(i) + (i == 0 ? own : shared) + """
          billing: {settle.seconds: 0, deduction.every.seconds: 1, deposit.every.seconds: 1}
          billing.deposits.folder: [{name: %s, path: "%s"}]
          """.formatted(SOURCE, deposits()), secrets);
    }
  }

  /** Where files with deposits are put. */
  Path deposits() {
    return directory.path().resolve("deposits");
  }

  Path file(String name) {
    return directory.path().resolve(name);
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  @Override
  public boolean tell(Progress progress) throws InterruptedException {
    return new BillingStory(this, progress).tell();
  }

  @Override
  public String whatStays() {
    return "The three nodes and their books stay";
  }

  @Override
  public List<String> commandsToTry() {
    String weft = dist.dir().resolve("bin/weft") + " --home " + nodes.get(0).home().dir();
    return List.of(weft + " billing status", weft + " billing ledger 1", weft + " billing statement 1", weft + " billing verify",
        weft + " drill run d1 d2 d3 d4 d5");
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<DemoNode> others = new ArrayList<>(nodes.subList(1, nodes.size()));
    Nodes.end(others);
    Nodes.end(nodes.subList(0, 1));
    endServer();
    directory.leave();
    DemoDirectory.remove(database);
  }

  /** A server goes on when its node is killed; if nobody started that node again, it is ours to end. */
  private void endServer() {
    try {
      Path file = database.resolve("cluster/postmaster.pid");
      if (Files.exists(file)) {
        long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
        ProcessHandle.of(pid).ifPresent(server -> {
          server.destroy();
          server.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> server).join();
        });
      }
    } catch (IOException | NumberFormatException e) {
      System.err.println("weft: the PostgreSQL of the demo may still run: " + e.getMessage());
    }
  }
}
