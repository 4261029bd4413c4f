package io.weft.launcher.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What becomes of one download while the ways between two homes change under it. */
final class NatStory {

  private static final Duration LINK_MAX = Duration.ofSeconds(30);
  private static final Duration CHANGE_MAX = Duration.ofSeconds(60);
  private static final Duration MORE_MAX = Duration.ofSeconds(30);
  private static final long ENOUGH_BYTES = 20_000_000;

  private final NatDemo demo;
  private final Progress progress;
  private final Steps steps;
  private NatDemo.Program server;
  private NatDemo.Program client;

  NatStory(NatDemo demo, Progress progress) {
    this.demo = demo;
    this.progress = progress;
    this.steps = new Steps(progress);
  }

  /** Returns whether every step worked. */
  boolean tell() throws InterruptedException {
    progress.note("""
        Two nodes a and b, each in a home of its own behind a router that translates addresses and lets nobody in; and a public hub.

          a 10.1.0.2 -- r1 %s --+
                                         +-- inet -- hub %s (signalling broker, relay)
          b 10.2.0.2 -- r2 %s --+
        """.formatted(Namespaces.wan("r1"), Namespaces.HUB, Namespaces.wan("r2")));
    boolean up = steps.step("start both nodes and the hub", () -> Nodes.start(demo.nodes()))
        && steps.step("link a and b, straight through both NATs", this::link)
        && steps.step("begin a download from b to a", this::begin);
    if (!up) {
      return false; // nothing after this could work
    }
    steps.step("a's router forgets all and changes ports", this::rebind);
    steps.step("cut the way between the routers", this::cut);
    steps.step("heal it", this::heal);
    steps.step("end the download", this::end);
    return steps.allGood();
  }

  private String link() throws DemoFailed {
    long start = System.nanoTime();
    awaitWay("direct", LINK_MAX);
    return "direct " + Steps.seconds(start) + " later: a sends to " + to(demo.a(), "b") + ", b to " + to(demo.b(), "a");
  }

  private String begin() throws DemoFailed, IOException {
    server = demo.serveAtB();
    if (!server.answer()[0].equals("listening")) {
      throw new DemoFailed("the server at b does not listen");
    }
    client = demo.fetchAtA();
    return more();
  }

  private String rebind() throws DemoFailed, IOException {
    String before = to(demo.b(), "a");
    mark();
    long start = System.nanoTime();
    demo.namespaces().rebind("r1");
    demo.b().await("other address of a at b", CHANGE_MAX, () -> !to(demo.b(), "a").equals(before));
    awaitWay("direct", CHANGE_MAX);
    String after = to(demo.b(), "a");
    return "direct again " + Steps.seconds(start) + " later, a is " + after + " instead of " + before + "; " + more();
  }

  private String cut() throws DemoFailed, IOException {
    mark();
    long start = System.nanoTime();
    demo.namespaces().cutBetweenRouters();
    awaitWay("relayed", CHANGE_MAX);
    return "relayed by the hub " + Steps.seconds(start) + " later; " + more();
  }

  private String heal() throws DemoFailed, IOException {
    mark();
    long start = System.nanoTime();
    demo.namespaces().healBetweenRouters();
    awaitWay("direct", CHANGE_MAX);
    return "direct again " + Steps.seconds(start) + " later; " + more();
  }

  private String end() throws DemoFailed, IOException {
    server.ask();
    String[] sent = server.answer();
    String[] got = client.answer();
    if (!got[0].equals("got") || !sent[0].equals("sent")) {
      throw new DemoFailed("an end of the download says '" + String.join(" ", got) + "'");
    }
    if (!got[1].equals(sent[1]) || !got[2].equals(sent[2])) {
      String digests = got[2].equals(sent[2]) ? "agree" : "differ";
      throw new DemoFailed("b sent " + sent[1] + " bytes, a got " + got[1] + ", and their SHA-256 " + digests);
    }
    double megabytes = Long.parseLong(got[1]) / 1e6;
    return String.format("%.0f MB on one connection, SHA-256 %s... at both ends", megabytes, got[2].substring(0, 16));
  }

  private void awaitWay(String way, Duration most) throws DemoFailed {
    for (DemoNode node : List.of(demo.a(), demo.b())) {
      String peer = node == demo.a() ? "b" : "a";
      node.await(way + " link to " + peer, most, () -> node.link(peer).map(link -> link.isUp(way)).orElse(false));
    }
  }

  private static String to(DemoNode node, String peer) {
    return node.link(peer).map(DemoNode.LinkStatus::to).orElse("");
  }

  /** Longest pauses are counted from here. */
  private void mark() throws DemoFailed, IOException {
    client.ask();
    client.answer();
  }

  /** Waits until so much more has come that the download is known to go on. */
  private String more() throws DemoFailed, IOException {
    long from = -1;
    long longest = 0;
    long end = System.nanoTime() + MORE_MAX.toNanos();
    while (true) {
      client.ask();
      String[] words = client.answer();
      long bytes = Long.parseLong(words[0]);
      longest = Math.max(longest, Long.parseLong(words[1]));
      from = from < 0 ? bytes : from;
      if (bytes - from >= ENOUGH_BYTES) {
        return "the download goes on, its longest pause was " + longest + " ms";
      }
      if (System.nanoTime() > end) {
        throw new DemoFailed("the download stands still at " + bytes + " bytes");
      }
      LockSupport.parkNanos(50_000_000);
    }
  }
}
