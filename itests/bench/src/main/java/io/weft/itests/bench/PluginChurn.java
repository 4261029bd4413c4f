package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A plugin comes and goes a thousand times, and bundles of the node are updated fifty times each: what a node keeps of them. */
final class PluginChurn implements Benchmark {

  private static final int WARM_UP = 100;
  private static final int CYCLES = 1_000;
  private static final int UPDATES = 50;
  private static final List<String> UPDATED = List.of("discovery.basic", "secret.basic", "forward", "transport.quic");

  /** Until the last version has let go of what it had: the mesh waits 90 s for links over a transport that went. */
  private static final long SETTLE_NANOS = 120_000_000_000L;
  private static final int GROWTH_MAX_KIB = 8 * 1024;
  private static final Pattern USED = Pattern.compile("^ *(def new generation|tenured generation|Metaspace) .*?used (\\d+)K", Pattern.MULTILINE);
  private static final Pattern LOADERS = Pattern.compile("^ *\\d+: +(\\d+) .*BundleClassLoader", Pattern.MULTILINE);
  private static final String ATTACHABLE = "-XX:-DisableAttachMechanism";

  @Override
  public String name() {
    return "plugin-churn";
  }

  @Override
  public String about() {
    return "a plugin is installed and removed 1,000 times, four bundles are updated 50 times: memory, class loaders and threads that are left";
  }

  @Override
  public void run(Report report) throws Exception {
    NodeConfig config = new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()).line("plugins: {unsigned: allow}")
        .forward("echo", "any", "tcp", "127.0.0.1:" + Ports.freeTcp());
    try (ProcessFabric fabric = ProcessFabric.alone(config)) {
      NodeProcess node = fabric.node("alone").env("WEFT_JAVA_OPTS", ATTACHABLE);
      node.start().awaitReady();
      String jar = Distribution.home().resolve("samples/csv-peers.jar").toString();
      cycles(node, jar, WARM_UP);
      long before = usedKib(node);
      long loaders = loaders(node);
      int threads = node.threads().values().stream().mapToInt(n -> n).sum();
      long start = System.nanoTime();
      cycles(node, jar, CYCLES);
      report.figure("a cycle of install and remove", (System.nanoTime() - start) / 1e6 / CYCLES, "ms", "");
      report.atMost("heap and metaspace more than before", usedKib(node) - before, GROWTH_MAX_KIB, "KiB");
      report.atMost("class loaders of bundles more than before", loaders(node) - loaders, 0, "");
      report.atMost("threads more than before", node.threads().values().stream().mapToInt(n -> n).sum() - threads, 0, "");
      for (String bundle : UPDATED) {
        updates(report, node, bundle);
      }
    }
  }

  private static void updates(Report report, NodeProcess node, String bundle) throws IOException {
    long fresh = loaders(node);
    for (int i = 0; i < UPDATES / 10; i++) {
      update(node, bundle); // warms up
    }
    settled(node, fresh);
    long used = usedKib(node);
    for (int i = 0; i < UPDATES; i++) {
      update(node, bundle);
    }
    report.atMost(bundle + ": class loaders more after " + UPDATES + " updates", settled(node, fresh) - fresh, 0, "");
    report.atMost(bundle + ": heap and metaspace more", usedKib(node) - used, GROWTH_MAX_KIB, "KiB");
  }

  private static void update(NodeProcess node, String bundle) throws IOException {
    node.ask("bundle:update", "io.weft." + bundle, "--yes").orFail();
  }

  /** Class loaders, as soon as there are no more than so many, or in the end. */
  private static long settled(NodeProcess node, long wanted) {
    long end = System.nanoTime() + SETTLE_NANOS;
    long now = loaders(node);
    while (now > wanted && end - System.nanoTime() > 0) {
      LockSupport.parkNanos(1_000_000_000L);
      now = loaders(node);
    }
    return now;
  }

  private static void cycles(NodeProcess node, String jar, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      node.ask("plugin:install", jar, "--yes").orFail();
      node.ask("plugin:remove", "org.example.csv-peers", "--yes").orFail();
    }
  }

  private static long usedKib(NodeProcess node) {
    for (int i = 0; i < 3; i++) {
      jcmd(node, "GC.run");
    }
    long used = 0;
    for (Matcher m = USED.matcher(jcmd(node, "GC.heap_info")); m.find(); ) {
      used += Long.parseLong(m.group(2));
    }
    return used;
  }

  private static long loaders(NodeProcess node) {
    long loaders = 0;
    for (Matcher m = LOADERS.matcher(jcmd(node, "GC.class_histogram")); m.find(); ) {
      loaders += Long.parseLong(m.group(1));
    }
    return loaders;
  }

  private static String jcmd(NodeProcess node, String word) {
    return Command.of("jcmd", Long.toString(node.pid()), word).run().orFail();
  }
}
