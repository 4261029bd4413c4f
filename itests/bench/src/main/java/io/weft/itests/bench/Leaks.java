package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A thousand connections come and go, and a hundred links: what is left behind. */
final class Leaks implements Benchmark {

  private static final int CYCLES = 1_000;

  // Paranoid: Netty follows every buffer. With tracking the JVM says how much memory outside the heap is held, by whom.
  private static final String OPTIONS = "-Dio.netty.leakDetection.level=paranoid -XX:NativeMemoryTracking=summary";
  private static final Pattern DIRECT = Pattern.compile("Other \\(reserved=(\\d+)KB");

  @Override
  public String name() {
    return "leaks";
  }

  @Override
  public String about() {
    return "1,000 connections come and go: sockets, threads, direct memory and buffers that are left";
  }

  @Override
  public void run(Report report) throws IOException {
    int port = Ports.freeTcp();
    try (EchoServer echo = new EchoServer();
        ProcessFabric fabric = ProcessFabric.of(config -> {
          if (config.name().equals("b")) {
            config.expose("echo", "tcp", echo.address(), "a");
          } else {
            config.forward("echo", "b", "tcp", "127.0.0.1:" + port);
          }
        }, "a", "b")) {
      fabric.nodes().forEach(node -> node.env("WEFT_DEBUG", "1").env("WEFT_JAVA_OPTS", OPTIONS));
      fabric.start();
      cycles(port);
      cycles(port);
      for (NodeProcess node : fabric.nodes()) {
        collect(node);
      }
      Held beforeA = Held.by(fabric.node("a"));
      Held beforeB = Held.by(fabric.node("b"));
      cycles(port);
      grown(report, fabric.node("a"), beforeA);
      grown(report, fabric.node("b"), beforeB);
    }
  }

  /** What a node holds. */
  private record Held(Map<String, Integer> descriptors, Map<String, Integer> threads, long directKibibytes) {

    static Held by(NodeProcess node) {
      Matcher matcher = DIRECT.matcher(jcmd(node, "VM.native_memory", "summary"));
      return new Held(node.descriptors(), node.threads(), matcher.find() ? Long.parseLong(matcher.group(1)) : 0);
    }

    int threadCount() {
      return threads.values().stream().mapToInt(n -> n).sum();
    }

    int sockets() {
      return descriptors.getOrDefault("socket", 0);
    }
  }

  private static void cycles(int port) throws IOException {
    byte[] message = new byte[4_096];
    for (int i = 0; i < CYCLES; i++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.getOutputStream().write(message);
        new DataInputStream(socket.getInputStream()).readFully(message);
      }
    }
  }

  private static void grown(Report report, NodeProcess node, Held before) {
    collect(node);
    Held after = Held.by(node);
    report.sample("node", node.name(), "before", before.toString(), "after", after.toString());
    report.atMost("sockets of " + node.name() + " more than before", after.sockets() - before.sockets(), 0, "");
    report.atMost("threads of " + node.name() + " more than before", after.threadCount() - before.threadCount(), 0, "");
    report.atMost("direct memory of " + node.name() + " more than before", after.directKibibytes - before.directKibibytes, 0, "KiB");
    report.atMost("leaks that Netty reported in " + node.name(), node.log().lines().filter(l -> l.contains("LEAK")).count(), 0, "");
  }

  /** Makes unreachable buffers known. */
  private static void collect(NodeProcess node) {
    for (int i = 0; i < 2; i++) {
      jcmd(node, "GC.run");
    }
  }

  private static String jcmd(NodeProcess node, String... words) {
    List<String> all = new ArrayList<>(List.of("jcmd", Long.toString(node.pid())));
    all.addAll(List.of(words));
    return Command.of(all).run().orFail();
  }
}
