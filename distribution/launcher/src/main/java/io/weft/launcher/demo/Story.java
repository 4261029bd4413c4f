package io.weft.launcher.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The steps of the demo, in their order. A step that fails is shown as failed; those after it are tried all the same. */
final class Story {

  private static final Duration HEAL_MAX = Duration.ofSeconds(30);
  private static final Duration NOTICE_MAX = Duration.ofSeconds(20);
  private static final Duration SETTLE_MAX = Duration.ofSeconds(10);
  private static final int DATAGRAMS = 200;
  private static final int DATAGRAM_BYTES = 1_000;
  private static final int REQUESTS = 200;
  private static final String SWAPPED = "io.weft.discovery.basic";

  private final DemoFabric fabric;
  private final Progress progress;
  private final Steps steps;
  private final Traffic traffic = new Traffic();

  Story(DemoFabric fabric, Progress progress) {
    this.fabric = fabric;
    this.progress = progress;
    this.steps = new Steps(progress);
  }

  /** Returns whether every step worked. */
  boolean tell() throws InterruptedException {
    progress.note("Three nodes a, b and c on this machine, each a process of its own. Behind b: a website and a UDP echo.\n");
    boolean up = steps.step("start three nodes", () -> Nodes.start(fabric.nodes())) && steps.step("link every node with every other", () -> Nodes.link(fabric.nodes()));
    if (!up) {
      return false; // nothing after this could work
    }
    steps.step("HTTP from a to a service behind b", this::requests);
    steps.step("UDP from a to an echo behind b", this::datagrams);
    steps.step("download 256 MiB through the fabric", this::transfer);
    steps.step("c is not allowed and is refused", this::refused);
    steps.step("kill -9 node b; the others notice", this::kill);
    steps.step("start b again; links and traffic heal", this::heal);
    steps.step("swap the discovery bundle under traffic", this::swap);
    return steps.allGood();
  }

  private String requests() throws DemoFailed, IOException, InterruptedException {
    settle();
    long start = System.nanoTime();
    for (int i = 0; i < REQUESTS; i++) {
      expectGreeting();
    }
    long micros = (System.nanoTime() - start) / 1_000 / REQUESTS;
    return REQUESTS + " of " + REQUESTS + " answered, " + micros + " microseconds each; " + fabric.webAtA() + "/";
  }

  private void expectGreeting() throws DemoFailed, IOException, InterruptedException {
    String body = traffic.get(fabric.webAtA() + "/");
    if (!body.equals(DemoServices.GREETING)) {
      throw new DemoFailed("the answer was not the service's");
    }
  }

  /** A link is up a moment before both ends know what the other exposes. */
  private void settle() throws DemoFailed {
    fabric.a().await("answer from the website behind b", SETTLE_MAX, () -> {
      try {
        return traffic.get(fabric.webAtA() + "/").equals(DemoServices.GREETING);
      } catch (IOException notYet) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DemoFailed("interrupted");
      }
    });
  }

  private String datagrams() throws DemoFailed, IOException {
    int good = Traffic.echo(fabric.echoAtA(), DATAGRAMS, DATAGRAM_BYTES);
    if (good < DATAGRAMS) {
      throw new DemoFailed(good + " of " + DATAGRAMS + " datagrams came back");
    }
    return good + " of " + DATAGRAMS + " datagrams came back as they were sent";
  }

  private String transfer() throws DemoFailed, IOException, InterruptedException {
    Traffic.Transfer got = traffic.download(fabric.webAtA() + "/file");
    if (got.bytes() != DemoServices.FILE_BYTES) {
      throw new DemoFailed(got.bytes() + " bytes came instead of " + DemoServices.FILE_BYTES);
    }
    if (!got.sha256().equals(Traffic.expectedSha256())) {
      throw new DemoFailed("the SHA-256 is not that of the file");
    }
    return String.format("%.0f MB/s, SHA-256 %s... is right", got.megabytesPerSecond(), got.sha256().substring(0, 16));
  }

  private String refused() throws DemoFailed, IOException, InterruptedException {
    fabric.connectToWebAtC(); // c itself must listen, or this would prove nothing
    try {
      traffic.get(fabric.webAtC() + "/");
    } catch (IOException e) {
      return "b let nobody in but a";
    }
    throw new DemoFailed("c got an answer from a service that allows only a");
  }

  private String kill() throws DemoFailed, InterruptedException {
    long start = System.nanoTime();
    fabric.b().kill();
    for (DemoNode node : List.of(fabric.a(), fabric.c())) {
      node.await("notice by " + node.name() + " that b is gone", NOTICE_MAX, () -> !node.isLinked("b"));
    }
    String noticed = Steps.seconds(start);
    if (!fabric.a().isLinked("c")) {
      throw new DemoFailed("the link between a and c fell too");
    }
    return "noticed after " + noticed + "; a and c stay linked";
  }

  private String heal() throws DemoFailed, IOException, InterruptedException {
    long start = System.nanoTime();
    fabric.b().start();
    for (DemoNode node : List.of(fabric.a(), fabric.c())) {
      fabric.b().await("link from " + node.name() + " to b", HEAL_MAX, () -> node.isLinked("b"));
    }
    String linked = Steps.seconds(start);
    settle();
    expectGreeting();
    return "links up " + linked + " after the start, traffic after " + Steps.seconds(start);
  }

  private String swap() throws DemoFailed, InterruptedException {
    String before = fabric.a().link("b").map(DemoNode.LinkStatus::since).orElse("");
    SteadyRequests requests = new SteadyRequests(traffic, fabric.webAtA() + "/");
    try (requests) {
      awaitMore(requests);
      for (String verb : List.of("stop", "start", "update", "stop", "start")) {
        fabric.a().must("bundle", verb, SWAPPED);
        awaitMore(requests);
      }
    }
    if (requests.failed() > 0) {
      throw new DemoFailed(requests.failed() + " of " + requests.done() + " requests failed: " + requests.lastFailure());
    }
    DemoNode.LinkStatus after = fabric.a().link("b").orElseThrow(() -> new DemoFailed("the link to b is gone"));
    if (!after.state().equals("up") || !after.since().equals(before)) {
      throw new DemoFailed("the link to b did not stay the same");
    }
    return "stopped, started, updated; " + requests.done() + " requests, 0 failed; the link stayed";
  }

  private void awaitMore(SteadyRequests requests) throws DemoFailed {
    int enough = requests.done() + 50;
    fabric.a().await("traffic", SETTLE_MAX, () -> requests.done() >= enough);
  }
}
