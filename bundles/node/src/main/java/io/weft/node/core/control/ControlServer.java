package io.weft.node.core.control;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.node.Timers;
import io.weft.support.command.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.service.command.CommandProcessor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients on {@code run/control.sock} in the home of the node and runs commands for them. Needs neither an identity nor a
 * good configuration, so that a node in trouble can still be asked what is wrong.
 */
@Component(name = "weft.node.control", immediate = true)
public final class ControlServer implements ListenerSource, HealthCheck {

  static final int SESSIONS_MAX = 16;
  private static final long STOP_BOUND_MS = 2_000;
  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

  private final @Nullable Path path;
  private final Timers timers;
  private final Set<ControlSession> sessions = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor = Executors.newCachedThreadPool(threads());
  private volatile @Nullable SocketFile socket;
  private volatile String problem = "";

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable CommandProcessor processor;

  @Activate
  public ControlServer(BundleContext context, @Reference Timers timers) {
    this(home(context), timers, null);
  }

  ControlServer(@Nullable Path home, Timers timers, @Nullable CommandProcessor processor) {
    this.path = home == null ? null : home.resolve("run").resolve("control.sock").toAbsolutePath();
    this.timers = timers;
    this.processor = processor;
  }

  private static @Nullable Path home(BundleContext context) {
    String home = context.getProperty("weft.home");
    return home == null ? null : Path.of(home);
  }

  /** Not in the constructor: clients may come at once, and the references in fields are set after it. */
  @Activate
  void open() {
    if (path == null) {
      problem = "framework property weft.home is not set";
      log.warn("control socket off reason={}", problem);
      return;
    }
    try {
      SocketFile opened = SocketFile.open(path);
      socket = opened;
      executor.execute(() -> accept(opened));
      log.info("control socket open path={}", path);
    } catch (IOException e) {
      problem = Failure.oneLine(String.valueOf(e.getMessage()));
      log.error("control socket off reason={}", problem);
    }
  }

  @Deactivate
  void close() {
    SocketFile open = socket;
    socket = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      log.warn("control socket not removed", e);
    }
    // A command may be what stops us ("bundle update"): it goes on, has its output sent, and its threads end with it.
    boolean within = sessions.stream().anyMatch(ControlSession::isCurrent);
    sessions.stream().filter(s -> !s.isCurrent()).forEach(s -> s.stop("the control socket closes"));
    executor.shutdown();
    if (!within) {
      awaitSessions();
    }
  }

  private void awaitSessions() {
    try {
      if (!executor.awaitTermination(STOP_BOUND_MS, TimeUnit.MILLISECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void accept(SocketFile file) {
    try {
      PeerCredentials credentials = new PeerCredentials(file.owner());
      while (file.channel().isOpen()) {
        try {
          admit(file.channel().accept(), credentials);
        } catch (IOException e) {
          if (file.channel().isOpen()) {
            log.warn("control socket cannot accept", e);
            LockSupport.parkNanos(100_000_000); // out of descriptors: let some go
          }
        }
      }
    } catch (RejectedExecutionException e) {
      log.debug("control socket closes", e);
    }
  }

  private void admit(SocketChannel client, PeerCredentials credentials) throws IOException {
    Optional<String> stranger = credentials.refuse(client);
    if (stranger.isPresent()) {
      log.warn("control client refused user={}", stranger.get());
      turnAway(client, 4, "not allowed: only the user that runs the node, and root, may use its control socket");
      return;
    }
    if (sessions.size() >= SESSIONS_MAX) {
      log.warn("control client refused sessions={}", SESSIONS_MAX);
      turnAway(client, 3, "busy: " + SESSIONS_MAX + " commands and shells are open, the most that a node takes");
      return;
    }
    AtomicReference<@Nullable ControlSession> self = new AtomicReference<>();
    ControlSession session = new ControlSession(client, () -> processor, timers, executor, () -> sessions.remove(self.get()));
    self.set(session);
    sessions.add(session);
    try {
      executor.execute(session::write);
      executor.execute(session);
    } catch (RejectedExecutionException e) {
      sessions.remove(session);
      client.close(); // which ends the writer, if it was started
      throw e;
    }
  }

  private static void turnAway(SocketChannel client, int code, String message) throws IOException {
    try (client) {
      // Fits the socket's buffer, so this cannot wait.
      client.write(ByteBuffer.wrap(ControlSession.lastWords(code, message)));
    }
  }

  @Override
  public List<Listener> listeners() {
    SocketFile open = socket;
    return open == null ? List.of() : List.of(new Listener(open.path().toString(), "unix", "control"));
  }

  @Override
  public List<HealthResult> check() {
    return List.of(problem.isEmpty()
        ? new HealthResult("control", HealthKind.readiness, HealthStatus.ok, "control socket is open")
        : new HealthResult("control", HealthKind.readiness, HealthStatus.warn, "no control socket: " + problem));
  }

  private static ThreadFactory threads() {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "weft-node-control-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
