package io.weft.launcher.framework;

import io.weft.launcher.log.LogSetup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orderly end: leave the fabric, stop the framework; and the hard end if that takes too long. */
final class Shutdown {

  /** The longest that a signal takes to end the process. */
  static final Duration HARD_BOUND = Duration.ofMillis(9_500);

  /** How long the end waits for a start that is still going on. */
  static final Duration START_BOUND = Duration.ofSeconds(4);

  /** What open streams get of it. */
  static final Duration LEAVE_BOUND = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Shutdown.class);

  private final Framework framework;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch started = new CountDownLatch(1);
  private volatile boolean failed;

  Shutdown(Framework framework) {
    this.framework = framework;
  }

  /** Also ends in order when something in the process calls {@code System.exit}; once {@link #begin} was called it changes nothing. */
  void guardExit() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      if (begun.compareAndSet(false, true)) {
        thread("weft-launcher-watchdog", this::watch);
        started();
        leaveAndStop();
      }
    }, "weft-launcher-exit"));
  }

  /** Begins when the stream ends; what is read is ignored. */
  void atEndOf(InputStream in) {
    thread("weft-launcher-stdin", () -> {
      try {
        in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        log.debug("standard input failed", e);
      }
      begin();
    });
  }

  /** The framework stopped by itself, such as by a command: there is nothing left to do at exit. */
  void done() {
    begun.set(true);
  }

  /** Starts the end and returns at once; a second call changes nothing, the bound is short enough. */
  void begin() {
    if (begun.compareAndSet(false, true)) {
      thread("weft-launcher-watchdog", this::watch);
      thread("weft-launcher-shutdown", this::leaveAndStop);
    }
  }

  /** Everything that the framework starts at first has been started. */
  void started() {
    started.countDown();
  }

  /** The exit code of the process: {@code otherwise}, unless the orderly end failed. */
  int exitCode(int otherwise) {
    return failed ? 1 : otherwise;
  }

  private void leaveAndStop() {
    LogSetup.release();
    log.info("stopping");
    try {
      if (!started.await(START_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
        // To stop what is half started would take longer than to start it. Nobody was served yet, and a start after a cut is clean.
        log.info("stopped while starting");
        Runtime.getRuntime().halt(0);
      }
      new NodeService(framework.getBundleContext()).leave(LEAVE_BOUND);
      framework.stop();
      framework.waitForStop(0);
    } catch (BundleException | RuntimeException e) {
      failed = true;
      log.error("stopping failed", e);
      Runtime.getRuntime().halt(1);
    } catch (InterruptedException e) {
      failed = true;
      log.error("stopping was interrupted");
      Runtime.getRuntime().halt(1);
    }
  }

  private void watch() {
    long end = System.nanoTime() + HARD_BOUND.toNanos();
    for (long left = HARD_BOUND.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    log.error("stopped hard after_ms={} because={}", HARD_BOUND.toMillis(), "a bundle did not stop in time");
    Runtime.getRuntime().halt(1);
  }

  private static void thread(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }
}
