package io.weft.launcher.demo;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Signals;
import io.weft.launcher.control.Tty;
import io.weft.support.Json;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** The options of {@code weft demo}, and its end: whatever happens, no process and no file of it stays behind. */
public final class DemoCommand {

  private static final int INTERRUPTED = 130;

  private DemoCommand() {}

  public static int run(Dist dist, List<String> words, PrintStream out) throws Failure {
    Options options = Options.parse(words);
    CountDownLatch stop = new CountDownLatch(1);
    AtomicBoolean running = new AtomicBoolean(true);
    try (Demo demo = options.create(dist)) {
      // Also when the JVM is told to end in the middle of a step.
      Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "weft-launcher-demo-end"));
      Signals.on(() -> {
        stop.countDown();
        if (running.get()) {
          System.exit(INTERRUPTED); // a step may wait for long; the hook cleans up
        }
      }, "INT", "TERM", "HUP");
      boolean json = options.json;
      // Then standard output is for the result alone.
      Progress progress = new Progress(json ? System.err : out, !json && Tty.given().out() && System.getenv("NO_COLOR") == null);
      boolean good = demo.tell(progress);
      running.set(false);
      progress.summary();
      if (json) {
        out.println(Json.lines(progress.json()));
      }
      if (options.once) {
        return good ? 0 : Failure.CHECK;
      }
      progress.invitation(demo);
      stop.await();
      out.println();
      return good ? 0 : Failure.CHECK;
    } catch (InterruptedException e) {
      throw new Failure(Failure.CHECK, "interrupted", e);
    }
  }

  private static final class Options {

    private boolean once;
    private boolean keep;
    private boolean json;
    private boolean nat;
    private boolean billing;
    private String dcs = "";

    static Options parse(List<String> words) throws Failure {
      Options options = new Options();
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        switch (word) {
          case "--once" -> options.once = true;
          case "--keep" -> options.keep = true;
          case "--json" -> options.json = true;
          case "--nat" -> options.nat = true;
          case "--billing" -> options.billing = true;
          case "--dcs" -> {
            i++;
            options.dcs(i < words.size() ? words.get(i) : "");
          }
          default -> {
            if (!word.startsWith("--dcs=")) {
              throw Failure.usage("weft demo does not know '" + word + "'; see weft demo --help");
            }
            options.dcs(word.substring("--dcs=".length()));
          }
        }
      }
      if (Stream.of(options.nat, options.billing, !options.dcs.isEmpty()).filter(chosen -> chosen).count() > 1) {
        throw Failure.usage("weft demo takes one of --nat, --dcs and --billing");
      }
      return options;
    }

    private void dcs(String backend) throws Failure {
      if (!DemoStore.BACKENDS.contains(backend)) {
        throw Failure.usage("--dcs needs one of " + String.join(", ", DemoStore.BACKENDS) + "; see weft demo --help");
      }
      dcs = backend;
    }

    Demo create(Dist dist) throws Failure {
      if (nat) {
        return NatDemo.create(dist, keep);
      }
      if (billing) {
        return BillingDemo.create(dist, keep);
      }
      return dcs.isEmpty() ? DemoFabric.create(dist, keep) : DcsDemo.create(dist, keep, dcs);
    }
  }
}
