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

/** The options of {@code weft demo}, and its end: whatever happens, no process and no file of it stays behind. */
public final class DemoCommand {

  private static final int INTERRUPTED = 130;

  private DemoCommand() {}

  public static int run(Dist dist, List<String> words, PrintStream out) throws Failure {
    for (String word : words) {
      if (!List.of("--once", "--keep", "--json", "--nat").contains(word)) {
        throw Failure.usage("weft demo does not know '" + word + "'; see weft demo --help");
      }
    }
    CountDownLatch stop = new CountDownLatch(1);
    AtomicBoolean running = new AtomicBoolean(true);
    boolean keep = words.contains("--keep");
    try (Demo demo = words.contains("--nat") ? NatDemo.create(dist, keep) : DemoFabric.create(dist, keep)) {
      // Also when the JVM is told to end in the middle of a step.
      Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "weft-launcher-demo-end"));
      Signals.on(() -> {
        stop.countDown();
        if (running.get()) {
          System.exit(INTERRUPTED); // a step may wait for long; the hook cleans up
        }
      }, "INT", "TERM", "HUP");
      boolean json = words.contains("--json");
      // Then standard output is for the result alone.
      Progress progress = new Progress(json ? System.err : out, !json && Tty.given().out() && System.getenv("NO_COLOR") == null);
      boolean good = demo.tell(progress);
      running.set(false);
      progress.summary();
      if (json) {
        out.println(Json.lines(progress.json()));
      }
      if (words.contains("--once")) {
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
}
