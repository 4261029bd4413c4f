package io.weft.mesh;

import io.weft.directory.Peer;
import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.support.Causes;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkLimits;
import io.weft.transport.Transport;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to open a link: each source of paths in turn, and over each path each transport in turn. What it works with is
 * fixed when it starts; another try is another object, and whoever hears of it compares. On the mesh's loop only.
 */
final class Attempt {

  /** Hears what becomes of it, on the mesh's loop; nothing after {@link #cancel}. */
  interface Observer {

    /** A path was found and a transport tries it. */
    void connecting(Attempt attempt);

    /** There is a link, to which nothing was said yet. */
    void established(Attempt attempt, Session session);

    void failed(Attempt attempt, Reason reason);
  }

  /** What it works with. */
  record Plan(
      Peer peer, long number, boolean controlling, List<PathSource> sources, List<Transport> transports, LinkLimits limits) {}

  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  private final Core core;
  private final Plan plan;
  private final Executor loop;
  private final Observer observer;
  private final Session.Observer sessions;
  private final Iterator<PathSource> sources;
  private CompletableFuture<?> running = CompletableFuture.completedFuture(null);
  private Reason reason = Reason.of("no_path", "no address of the peer is known, and no path source finds one");
  private boolean cancelled;

  Attempt(Core core, Plan plan, Executor loop, Observer observer, Session.Observer sessions) {
    this.core = core;
    this.plan = plan;
    this.loop = loop;
    this.observer = observer;
    this.sessions = sessions;
    this.sources = plan.sources.iterator();
  }

  long number() {
    return plan.number;
  }

  void start() {
    if (cancelled) {
      return;
    }
    while (sources.hasNext()) {
      PathSource source = sources.next();
      List<Candidate> candidates = plan.peer.candidates().stream().filter(source::understands).toList();
      if (!candidates.isEmpty() || source.reaches(plan.peer.identity())) {
        find(source, new PathRequest(plan.peer.identity(), candidates, plan.number, plan.controlling));
        return;
      }
    }
    observer.failed(this, reason);
  }

  /** Ends it; what it holds is freed. */
  void cancel() {
    cancelled = true;
    running.cancel(false);
  }

  private void find(PathSource source, PathRequest request) {
    CompletableFuture<Path> search = call(() -> source.find(request));
    running = search;
    search.whenCompleteAsync((path, failure) -> {
      if (failure != null) {
        note(failure);
        start();
      } else if (cancelled) {
        path.close();
      } else {
        connect(path, plan.transports.iterator());
      }
    }, loop);
  }

  private void connect(Path path, Iterator<Transport> transports) {
    while (!cancelled && transports.hasNext()) {
      Transport transport = transports.next();
      if (transport.carries(path)) {
        observer.connecting(this);
        open(path, transport, transports);
        return;
      }
    }
    path.close();
    start();
  }

  private void open(Path path, Transport transport, Iterator<Transport> transports) {
    Session session = new Session(core, sessions, transport, plan.peer.identity(), path, plan.number);
    CompletableFuture<Link> opening = call(() -> transport.open(plan.peer.identity(), path, plan.limits, session));
    running = opening;
    opening.thenAccept(session::open).whenCompleteAsync((nothing, failure) -> {
      if (failure != null) {
        note(failure);
        connect(path, transports);
      } else if (cancelled) {
        session.close(Reason.of("cancelled"));
      } else {
        observer.established(this, session);
      }
    }, loop);
  }

  private static <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> foreign) {
    try {
      return foreign.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Remembers why; that nothing answered is the least telling of reasons. */
  private void note(Throwable failure) {
    Reason why = reason(Causes.of(failure));
    if (why != null && (!why.code().equals("unreachable") || reason.code().equals("no_path"))) {
      reason = why;
    }
  }

  private @Nullable Reason reason(Throwable failure) {
    if (failure instanceof HandshakeFailed failed) {
      return failed.reason();
    } else if (failure instanceof NoPath none) {
      return none.reason();
    } else if (failure instanceof CancellationException) {
      return null;
    }
    log.error("attempt failed peer={}", plan.peer.name(), failure);
    return Reason.of("internal_error", String.valueOf(failure.getMessage()));
  }
}
