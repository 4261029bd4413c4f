package io.weft.itests.dcs;

import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.fence.Attempt;
import io.weft.support.fence.FencedEndpoint;
import io.weft.support.fence.FencedRecord;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Nodes that coordinate on a store, each with the sample job {@code steps} in its deploy folder; and what the job acts on, which
 * refuses older tokens and records every attempt. Closing it ends the nodes, not the store.
 */
public final class CoordinatedFabric implements AutoCloseable {

  /** The lease of the job. */
  public static final String LEASE = "jobs/steps/0";

  private static final Duration START_MAX = Duration.ofSeconds(90);

  private final ProcessFabric nodes;
  private final FencedRecord record;
  private final AutoCloseable endpoint;
  private final Duration ttl;

  private CoordinatedFabric(ProcessFabric nodes, FencedRecord record, AutoCloseable endpoint, Duration ttl) {
    this.nodes = nodes;
    this.record = record;
    this.endpoint = endpoint;
    this.ttl = ttl;
  }

  /** On loopback, not started. */
  public static CoordinatedFabric of(FaultyStore store, Duration ttl, String... names) {
    try {
      FencedEndpoint endpoint = new FencedEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), attempt -> { });
      ProcessFabric nodes = ProcessFabric.of(configure(store, ttl, "127.0.0.1:" + endpoint.port()), names);
      return equipped(new CoordinatedFabric(nodes, endpoint.record(), endpoint, ttl), store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nodes that were made elsewhere with {@link #configure}, and a record that is fed elsewhere. */
  public static CoordinatedFabric of(FaultyStore store, Duration ttl, ProcessFabric nodes, FencedRecord record, AutoCloseable endpoint) {
    return equipped(new CoordinatedFabric(nodes, record, endpoint, ttl), store);
  }

  /** @param endpoint where the job calls, {@code ip:port} */
  public static Consumer<NodeConfig> configure(FaultyStore store, Duration ttl, String endpoint) {
    return config -> {
      store.configure(config);
      config.line("coordination: {ttl.ms: " + ttl.toMillis() + "}");
      // Runs of some twenty seconds: a holder acts for as long as it believes that it holds, whether or not the store answers.
      config.line("steps: {url: \"http://" + endpoint + "/\", every.seconds: 1, count: 400, pause.ms: 50, timeout.ms: 2000}");
    };
  }

  private static CoordinatedFabric equipped(CoordinatedFabric fabric, FaultyStore store) {
    for (NodeProcess node : fabric.nodes()) {
      store.equip(node);
      deploy(node);
    }
    return fabric;
  }

  private static void deploy(NodeProcess node) {
    Path deploy = node.home().resolve("deploy");
    try {
      Files.createDirectories(deploy);
      Files.copy(Distribution.home().resolve("samples/steps.jar"), deploy.resolve("steps.jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the home of a node anew, after something empty was put into its place. */
  public void equipAgain(NodeProcess node) {
    node.rewriteConfig();
    deploy(node);
  }

  /** Starts all and waits until one of them acts. */
  public CoordinatedFabric start() {
    nodes().forEach(NodeProcess::start);
    nodes().forEach(NodeProcess::awaitReady);
    awaitActing(START_MAX);
    return this;
  }

  public List<NodeProcess> nodes() {
    return nodes.nodes();
  }

  public NodeProcess node(String name) {
    return nodes.node(name);
  }

  public FencedRecord record() {
    return record;
  }

  public Duration ttl() {
    return ttl;
  }

  /** The nodes, where they keep the store themselves. */
  public List<Member> members() {
    return nodes().stream().map(CoordinatedFabric::member).toList();
  }

  private static Member member(NodeProcess node) {
    return new Member() {
      @Override
      public String name() {
        return node.name();
      }

      @Override
      public boolean isAlive() {
        return node.isAlive();
      }

      @Override
      public void kill() {
        node.kill();
      }

      @Override
      public void start() {
        node.start();
      }

      @Override
      public void pause() {
        node.pause();
        Await.until(node.name() + " to stand still", START_MAX, () -> StoreMember.state(node.pid()).equals("T"));
      }

      @Override
      public void resume() {
        node.resume();
      }
    };
  }

  /** The newest attempt that was accepted. */
  public Attempt latest() {
    return record.latest().orElseThrow(() -> new AssertionError("nobody has acted yet"));
  }

  /** Who acted last. */
  public NodeProcess actor() {
    return node(latest().node());
  }

  /** Waits until somebody asked, and then acted, from now on; how long that took. */
  public Duration awaitActing(Duration most) {
    long from = System.nanoTime();
    Await.until("somebody to act", most, () -> record.latest(a -> a.asked() - from > 0).isPresent());
    return Duration.ofNanos(System.nanoTime() - from);
  }

  /** Waits until a node other than that of {@code last} acts, with a larger token. */
  public Attempt awaitOther(Attempt last, Duration most) {
    Await.until("a node other than " + last.node() + " to act", most, () -> other(last) != null);
    return other(last);
  }

  private Attempt other(Attempt last) {
    return record.first(a -> a.token() > last.token() && !a.node().equals(last.node())).orElse(null);
  }

  @Override
  public void close() {
    nodes.close();
    try {
      endpoint.close();
    } catch (Exception e) {
      throw new AssertionError("the endpoint does not close", e);
    }
  }
}
