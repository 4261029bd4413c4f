package io.weft.forward;

import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.support.Causes;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a channel for a local connection or flow. With {@code any} it goes on to the next peer while the outcome says that
 * trying again may help and the time lasts; no byte was sent yet, so that is safe.
 */
final class Opening {

  /** What became of it; exactly one of the two is called, once. */
  interface Result {
    /** On the channel's loop. */
    void opened(RawChannel channel);

    /** Any thread. */
    void refused(String peer, ChannelOutcome outcome, String detail);
  }

  private final Tools tools;
  private final Route route;
  private final String origin;
  private final RawChannelHandler handler;
  private final Result result;
  private final long deadlineNanos;
  private volatile @Nullable CompletableFuture<RawChannel> attempt;
  private volatile boolean cancelled;
  private @Nullable Set<String> tried;

  /** Where the connection shall lead. */
  record Route(String service, String at, ChannelKind kind) {
    static final String ANY = "any";

    boolean any() {
      return at.equals(ANY);
    }
  }

  Opening(Tools tools, Route route, String origin, RawChannelHandler handler, Result result) {
    this.tools = tools;
    this.route = route;
    this.origin = origin;
    this.handler = handler;
    this.result = result;
    this.deadlineNanos = tools.clock().nanos() + tools.limits().get().openTimeout().toNanos();
  }

  void start() {
    if (!route.any()) {
      attempt(route.at());
      return;
    }
    Set<String> before = tried == null ? Set.of() : tried;
    String peer = tools.choice().next(route.service(), route.kind(), before);
    if (peer == null) {
      result.refused(route.at(), ChannelOutcome.link_down, "no peer with a link offers it");
    } else {
      attempt(peer);
    }
  }

  /** Any thread. The result is still told. */
  void cancel() {
    cancelled = true;
    CompletableFuture<RawChannel> running = attempt;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void attempt(String peer) {
    Duration left = Duration.ofNanos(Math.max(1, deadlineNanos - tools.clock().nanos()));
    CompletableFuture<RawChannel> future = tools.channels().open(peer, route.service(), route.kind(), origin, left, handler);
    attempt = future;
    if (cancelled) {
      future.cancel(false);
    }
    future.whenComplete((channel, failure) -> {
      if (failure != null) {
        failed(peer, failure);
      } else if (channel.loop().inEventLoop()) {
        result.opened(channel);
      } else {
        channel.loop().execute(() -> result.opened(channel));
      }
    });
  }

  private void failed(String peer, Throwable failure) {
    Throwable cause = Causes.of(failure);
    ChannelOutcome outcome = ChannelOutcome.timeout;
    if (cause instanceof ChannelFailed known) {
      outcome = known.outcome();
    } else if (cause instanceof CancellationException) {
      outcome = ChannelOutcome.cancelled;
    }
    boolean again = route.any() && outcome.isRetryable() && !cancelled && deadlineNanos - tools.clock().nanos() > 0;
    String next = null;
    if (again) {
      if (tried == null) {
        tried = new HashSet<>();
      }
      tried.add(peer);
      next = tools.choice().next(route.service(), route.kind(), tried);
    }
    if (next != null) {
      attempt(next);
    } else {
      result.refused(peer, outcome, String.valueOf(cause.getMessage()));
    }
  }
}
