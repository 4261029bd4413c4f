package io.weft.transport.quic;

import io.netty.channel.ChannelFuture;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.support.Backoff;
import io.weft.support.HostPort;
import io.weft.transport.quic.UdpPort.Setup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one UDP port bound: tries again while it cannot be, binds anew when the address changes. On the loop, unless said
 * otherwise.
 */
final class Listening {

  private static final Logger log = LoggerFactory.getLogger(Listening.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(15);

  private final LinkContext context;
  private final Backoff backoff;
  private volatile @Nullable UdpPort port;
  private volatile @Nullable InetSocketAddress local;
  private volatile @Nullable String problem = "not bound yet";
  private Registration retry = () -> {};
  private Runnable onBound = () -> {};
  private int generation;

  Listening(LinkContext context, Backoff backoff) {
    this.context = context;
    this.backoff = backoff;
  }

  static Backoff backoff(RandomGenerator random) {
    return new Backoff(FIRST_RETRY, LAST_RETRY, random);
  }

  /** The port, or null while it is not bound. Any thread. */
  @Nullable UdpPort port() {
    return port;
  }

  /** Where it is bound, or null. Any thread. */
  @Nullable InetSocketAddress local() {
    return local;
  }

  /** Why it is not bound, in a line, or null. Any thread. */
  @Nullable String problem() {
    return problem;
  }

  /** Runs after each bind, on the loop. Before the first. */
  void onBound(Runnable task) {
    onBound = task;
  }

  /** Binds, and goes on trying. Each attempt asks for a setup of its own. */
  void listen(String address, Supplier<Setup> setup) {
    ChannelFuture closed = unbind(Reason.of("rebound", "the address of this node's port changed"));
    backoff.reset();
    int current = generation;
    if (closed == null) {
      bind(current, address, setup);
    } else {
      closed.addListener(done -> bind(current, address, setup));
    }
  }

  private void bind(int current, String address, Supplier<Setup> setup) {
    if (current != generation) {
      return;
    }
    UdpPort next;
    InetSocketAddress to;
    try {
      to = parse(address);
      next = new UdpPort(setup.get());
    } catch (IllegalArgumentException e) {
      problem = "transport.quic.listen is " + e.getMessage();
      log.error("udp port not bound: {}", problem);
      return;
    }
    next.bind(to).addListener((ChannelFuture bound) -> {
      if (bound.isSuccess() && current == generation) {
        bound(current, next, address, setup);
      } else if (bound.isSuccess()) {
        bound.channel().close();
      } else if (current == generation) {
        failed(current, address, setup, bound.cause());
      }
    });
  }

  private void bound(int current, UdpPort next, String address, Supplier<Setup> setup) {
    port = next;
    local = (InetSocketAddress) next.channel().localAddress();
    problem = null;
    backoff.reset();
    log.info("udp port bound address={}", UdpPath.text(local));
    onBound.run();
    next.channel().closeFuture().addListener(done -> {
      if (current == generation) {
        port = null;
        local = null;
        failed(current, address, setup, new java.io.IOException("the socket was closed"));
      }
    });
  }

  private void failed(int current, String address, Supplier<Setup> setup, Throwable cause) {
    context.counters().add(Counters.BIND_FAILURES);
    Duration delay = backoff.next();
    String message = "cannot bind UDP " + address + ": " + cause.getMessage()
        + "; free it or change transport.quic.listen; trying again";
    if (!message.equals(problem)) {
      log.warn("udp port not bound: {}", message);
    }
    problem = message;
    retry = context.timers().after(delay, context.loop(), () -> bind(current, address, setup));
  }

  static InetSocketAddress parse(String address) {
    // HostPort is for addresses to reach, which have a port; here 0 asks for a free one.
    boolean anyPort = address.endsWith(":0");
    HostPort parsed;
    try {
      parsed = HostPort.parse(anyPort ? address.substring(0, address.length() - 1) + "1" : address);
    } catch (IllegalArgumentException e) {
      throw anyPort ? bad(address, "expected host:port such as 127.0.0.1:0 or [::1]:0") : e;
    }
    InetSocketAddress to = parsed.socketAddress().orElseThrow(() -> bad(address, "an IP address is wanted, not a name"));
    return anyPort ? new InetSocketAddress(to.getAddress(), 0) : to;
  }

  private static IllegalArgumentException bad(String address, String why) {
    return new IllegalArgumentException("'" + address + "': " + why);
  }

  private @Nullable ChannelFuture unbind(Reason reason) {
    generation++;
    retry.close();
    UdpPort old = port;
    port = null;
    local = null;
    problem = "not bound yet";
    return old == null ? null : old.close(reason);
  }

  /** Closes everything; completes when the socket is gone. */
  CompletableFuture<Void> close(Reason reason) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    ChannelFuture closing = unbind(reason);
    if (closing == null) {
      done.complete(null);
    } else {
      // One more turn of the loop, in which links tell their handlers.
      closing.addListener(closed -> context.loop().execute(() -> done.complete(null)));
    }
    return done;
  }
}
