package io.weft.store.postgres.server;

import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.store.StoreUnavailable;
import io.weft.store.postgres.Endpoint;
import io.weft.store.postgres.PgErrors;
import io.weft.support.Backoff;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a PostgreSQL running for as long as it is open: makes it, starts it, starts it again when it ends, takes over one that an
 * earlier process of this node left behind, and stops it. All of that on one thread.
 */
public final class OwnServer implements Endpoint.Locator, AutoCloseable {

  /** What is left of the ten seconds that a node has to stop. */
  private static final Duration STOP_MAX = Duration.ofSeconds(6);

  private static final Duration CLOSE_MAX = Duration.ofSeconds(9);
  private static final Logger log = LoggerFactory.getLogger(OwnServer.class);

  private final ServerStart start;
  private final Timers timers;
  private final Clock clock;
  private final ExecutorService thread;
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(15), ThreadLocalRandom.current());
  private volatile @Nullable Running running;
  private volatile String problem = "starting";
  private volatile boolean closed;
  private volatile Registration timer = () -> {};

  /** A server that serves. */
  record Running(Postmaster postmaster, String version, Endpoint endpoint, String inWords) {}

  /**
   * Begins at once, on a thread of its own.
   *
   * @param bundled programs that some bundle has, newest first; asked at each start
   */
  public OwnServer(Path home, ServerOptions options, Supplier<Optional<ProgramSource>> bundled, Clock clock, Timers timers) {
    this.start = new ServerStart(home, options, bundled, () -> closed);
    this.timers = timers;
    this.clock = clock;
    this.thread = new java.util.concurrent.ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
        new java.util.concurrent.LinkedBlockingQueue<>(16), task -> {
          Thread made = new Thread(task, "weft-store.postgres-server");
          made.setDaemon(true);
          return made;
        });
    execute(this::bringUp);
  }

  @Override
  public Endpoint now() throws SQLException {
    Running server = running;
    if (server == null) {
      throw new StoreUnavailable(problem);
    }
    return server.endpoint();
  }

  /** Whether it serves as far as is known. */
  public boolean isUp() {
    return running != null;
  }

  /** One line: what is so. */
  public String inWords() {
    Running server = running;
    return server == null ? problem : server.inWords();
  }

  /** Where it listens, if it does. */
  public OptionalInt port() {
    Running server = running;
    return server == null ? OptionalInt.empty() : OptionalInt.of(server.postmaster().port());
  }

  private void bringUp() {
    if (closed) {
      return;
    }
    long began = clock.nanos();
    try {
      Running server = start.bringUp(words -> problem = words);
      running = server;
      log.info("store up pid={} port={} version={} took_ms={}", server.postmaster().process().pid(), server.postmaster().port(),
          server.version(), Duration.ofNanos(clock.nanos() - began).toMillis());
      server.postmaster().ended().thenRun(() -> execute(() -> ended(server)));
    } catch (ServerFailed e) {
      failed(e.getMessage());
    } catch (RuntimeException e) {
      log.error("store does not start", e);
      failed("unexpected: " + PgErrors.inWords(e));
    }
  }

  private void failed(String why) {
    if (!why.equals(problem)) {
      log.warn("store down problem=\"{}\"", why);
    }
    problem = why;
    again();
  }

  private void ended(Running server) {
    if (closed || running != server) {
      return;
    }
    running = null;
    problem = "PostgreSQL ended by itself; it is started again";
    log.warn("store ended pid={} problem=\"it ended by itself\"", server.postmaster().process().pid());
    backoff.reset();
    again();
  }

  private void again() {
    if (!closed) {
      timer = timers.after(backoff.next(), thread, this::bringUp);
    }
  }

  private void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("store is closed already"); // the end of the process is news for nobody then
    }
  }

  /** Stops the server; returns when it is stopped, or after nine seconds at the latest. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    timer.close();
    Future<?> stopped = thread.submit(this::stop);
    thread.shutdown();
    try {
      stopped.get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("store does not stop; the next start takes care of it");
      thread.shutdownNow();
    } catch (ExecutionException e) {
      log.warn("store does not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    Running server = running;
    running = null;
    problem = "stopped";
    try {
      Optional<String> how = start.stop(server == null ? Optional.empty() : Optional.of(server.postmaster()), STOP_MAX);
      how.ifPresent(words -> log.info("store down how={}", words));
    } catch (ServerFailed e) {
      log.warn("store does not stop problem=\"{}\"", e.getMessage());
    }
  }
}
