package io.weft.path.ice.turn;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.weft.node.Clock;
import io.weft.node.Reason;
import io.weft.node.Timers;
import io.weft.path.DatagramPort;
import io.weft.transport.Io;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Borrows addresses from relays. Has no thread: everything runs on the loop of the node's port. */
public final class TurnClient {

  private static final int RELAYS_MAX = 16;

  private final Tools tools;
  private final Map<RelayTarget.Key, LiveAllocation> live = new HashMap<>();
  private boolean closed;

  /** How long credentials last; new ones are made when half of it is over. */
  static final Duration CREDENTIALS_LIFE = Duration.ofHours(1);

  /** What all allocations work with. */
  record Tools(
      DatagramPort port, Io io, Clock clock, Timers timers, RandomGenerator random, CheckReceiver checks, Callable<SslContext> tls,
      Duration credentialsLife) {}

  /** @param random one that cannot be predicted */
  public TurnClient(DatagramPort port, Io io, Clock clock, Timers timers, RandomGenerator random, CheckReceiver checks) {
    // Whom the JVM trusts. It only has to get through: what matters is protected inside of it, whoever the relay is.
    this(new Tools(port, io, clock, timers, random, checks, () -> SslContextBuilder.forClient().sslProvider(SslProvider.JDK).build(),
        CREDENTIALS_LIFE));
  }

  TurnClient(Tools tools) {
    this.tools = tools;
  }

  /**
   * Asks the relay for an address, or joins those who have one of it. Completes within 10 s, exceptionally with {@link TurnFailed}.
   * Cancelling gives it back. Any thread; completes on the loop.
   */
  public CompletableFuture<Allocation> allocate(RelayTarget target) {
    CompletableFuture<Allocation> result = new CompletableFuture<>();
    tools.port().loop().execute(() -> start(target, result));
    return result;
  }

  private void start(RelayTarget target, CompletableFuture<Allocation> result) {
    LiveAllocation there = live.get(target.key());
    if (closed || there == null && live.size() >= RELAYS_MAX) {
      result.completeExceptionally(new TurnFailed(closed
          ? Reason.of("closed", "this node stops")
          : Reason.of("unreachable", "more than " + RELAYS_MAX + " relays in use")));
      return;
    }
    if (there == null) {
      LiveAllocation made = new LiveAllocation(tools, target);
      live.put(target.key(), made);
      made.ended().thenAccept(reason -> tools.port().loop().execute(() -> live.remove(target.key(), made)));
      made.start();
      there = made;
    }
    there.join(result);
  }

  /** Ends all of them. Idempotent; any thread. */
  public void close() {
    tools.port().loop().execute(() -> {
      closed = true;
      List.copyOf(live.values()).forEach(allocation -> allocation.end(Reason.of("closed", "this node stops")));
    });
  }
}
