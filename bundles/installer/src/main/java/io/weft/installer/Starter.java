package io.weft.installer;

import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.wiring.Missing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts plugins, each on a thread of its own: one that blocks, fails or never comes back delays nobody else. */
final class Starter {

  /** What became of a start. Called on any thread. */
  interface Outcome {
    void started(Bundle bundle);

    /** @param pointless whether trying again makes no sense before something else changes */
    void failed(Bundle bundle, String reason, boolean pointless);
  }

  private static final Duration LET_GO_MAX = Duration.ofSeconds(1);
  private static final int REASONS_MAX = 3;
  private static final int LINE_MAX = 300;
  private static final Logger log = LoggerFactory.getLogger(Starter.class);

  private final BundleContext framework;
  private final Timers timers;
  private final Executor worker;
  private final Outcome outcome;
  private final Map<Long, Bounded> running = new ConcurrentHashMap<>();
  /** Why a start was interrupted: what comes of that says nothing more. */
  private final Map<Bounded, String> interrupted = new ConcurrentHashMap<>();

  Starter(BundleContext framework, Timers timers, Executor worker, Outcome outcome) {
    this.framework = framework;
    this.timers = timers;
    this.worker = worker;
    this.outcome = outcome;
  }

  /**
   * Begins to start a bundle; at most one start of each goes on at a time.
   *
   * @param most after which it is interrupted
   */
  Bounded start(Bundle bundle, Duration most) {
    return running.computeIfAbsent(bundle.getBundleId(), id -> begin(bundle, most));
  }

  private Bounded begin(Bundle bundle, Duration most) {
    Registration none = () -> {};
    Registration over = () -> {};
    AtomicReference<Registration> timeout = new AtomicReference<>(none);
    Bounded start = Bounded.of("start-" + Missing.name(bundle), () -> {
      if (!isFragment(bundle)) {
        resolve(bundle);
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      }
    }, (self, failure) -> {
      timeout.getAndSet(over).close();
      running.remove(bundle.getBundleId());
      ended(bundle, failure, interrupted.remove(self));
    });
    start.begin(); // first, since what has not begun cannot be interrupted
    Registration late = timers.after(most, worker, () -> tooLong(bundle, start, most));
    if (!timeout.compareAndSet(none, late)) {
      late.close();
    }
    return start;
  }

  /**
   * Before it is started, which holds the lock of the bundle: of two that need each other and start at once, the framework would let one fail,
   * since the resolving of either may want the lock of both.
   */
  private void resolve(Bundle bundle) {
    if (bundle.getState() == Bundle.INSTALLED) {
      wiring().resolveBundles(Set.of(bundle));
    }
  }

  private FrameworkWiring wiring() {
    return framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }

  private void ended(Bundle bundle, @Nullable Throwable failure, @Nullable String tooLong) {
    if (failure == null) {
      outcome.started(bundle);
    } else if (tooLong != null && !tooLong.isEmpty()) {
      outcome.failed(bundle, tooLong, false);
    } else if (tooLong == null) {
      boolean unresolved = bundle.getState() == Bundle.INSTALLED;
      outcome.failed(bundle, unresolved ? missing(bundle, failure) : words(failure), unresolved);
    }
  }

  private void tooLong(Bundle bundle, Bounded start, Duration most) {
    String reason = "its start did not come back within " + most.toMillis() + " ms; it is at " + start.at();
    log.warn("plugin start interrupted plugin={} reason=\"{}\"", Missing.name(bundle), reason);
    interrupted.put(start, reason);
    if (!start.endWithin(LET_GO_MAX)) {
      outcome.failed(bundle, reason + ", and ignores being interrupted: restart the node to be rid of it", true);
    }
  }

  /** Ends a start that nobody wants any more, if it lets itself be ended. */
  void callOff(Bundle bundle) {
    Bounded start = running.get(bundle.getBundleId());
    if (start != null) {
      interrupted.put(start, "");
      start.endWithin(LET_GO_MAX);
    }
  }

  /** Whether a start of it goes on. */
  boolean isStarting(Bundle bundle) {
    return running.containsKey(bundle.getBundleId());
  }

  /** Nobody looks after those that are starting any more, and a node that stops would wait for them. */
  void close() {
    running.values().forEach(start -> {
      interrupted.put(start, "the node stopped while it was starting");
      start.interrupt();
    });
    running.values().forEach(start -> start.endWithin(LET_GO_MAX));
  }

  /** Why it is not resolved. */
  String missing(Bundle bundle, Throwable failure) {
    List<Missing> missing = Missing.of(bundle, wiring());
    return missing.isEmpty() ? words(failure)
        : missing.stream().limit(REASONS_MAX).map(Missing::words).collect(Collectors.joining("; "));
  }

  private static String words(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    String line = root instanceof BundleException || root instanceof InterruptedException && message.equals("null")
        ? message : root.getClass().getSimpleName() + ": " + message;
    return "it did not start: " + Optional.of(line).map(l -> l.substring(0, Math.min(LINE_MAX, l.length()))).orElse("");
  }

  static boolean isFragment(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }
}
