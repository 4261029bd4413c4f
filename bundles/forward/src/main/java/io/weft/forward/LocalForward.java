package io.weft.forward;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ServerSocketChannel;
import io.weft.channel.ChannelKind;
import io.weft.channel.ForwardInfo;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.support.Backoff;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local address that leads to a service: binds it, again and again if it cannot, and wherever the address moves. One loop owns that
 * and, for UDP, the flows; accepted TCP connections go to the loops of their links.
 */
abstract class LocalForward {

  private static final Logger log = LoggerFactory.getLogger(LocalForward.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(500);
  private static final Duration RETRY_MOST = Duration.ofSeconds(30);

  protected final Tools tools;
  protected final LocalSpec spec;
  protected final EventLoop loop;
  protected final Traffic traffic = new Traffic();
  private final CompletableFuture<Void> firstTry = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private volatile String bound = "";
  private volatile String problem;

  // The loop's alone.
  private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MOST, ThreadLocalRandom.current());
  private Registration retry = () -> {};
  private volatile @Nullable Channel socket; // others may read it
  private volatile @Nullable Channel coming;
  private @Nullable InetSocketAddress wanted;
  private boolean stopped;

  protected LocalForward(Tools tools, LocalSpec spec, EventLoop loop) {
    this.tools = tools;
    this.spec = spec;
    this.loop = loop;
    this.problem = spec.wrong().isEmpty() ? "not tried yet" : spec.wrong();
  }

  /** @param left what the last version left of it: a socket that is there stays on its loop */
  static LocalForward of(Tools tools, LocalSpec spec, Left left) {
    ServerSocketChannel server = left.server();
    EventLoop loop = server == null ? tools.sockets().loops().next() : server.eventLoop();
    return spec.route().kind() == ChannelKind.datagram ? new UdpForward(tools, spec, loop) : new TcpForward(tools, spec, loop);
  }

  /** A socket that is set up but neither registered nor bound. On the loop. */
  protected abstract Channel newSocket();

  /** The socket is not there any more; another one may follow. On the loop. */
  protected void unbound() {}

  /** A socket of the last version, which listens, is ours from here on. On the loop. */
  protected void inherit(ServerSocketChannel server) {}

  /** A connection of the last version is ours from here on. On its loop. */
  protected abstract void inherit(Moving moving);

  /** What the next version can take. */
  abstract Left leave();

  /** Completes after the first try to listen, exceptionally with the problem if it failed; it is tried again in any case. */
  CompletionStage<Void> start(Left left) {
    ServerSocketChannel server = left.server();
    if (spec.wrong().isEmpty() && server != null) {
      coming = server;
      loop.execute(() -> goOn(left, server));
    } else if (spec.wrong().isEmpty()) {
      left.closed().whenComplete((done, failure) -> loop.execute(this::bind));
    } else {
      log.warn("forward not listening service={} address={} problem=\"{}\"", spec.route().service(), spec.text(), spec.wrong());
      firstTry.completeExceptionally(new IllegalStateException(spec.wrong()));
    }
    left.connections(this::inherit);
    return firstTry;
  }

  /** Completes when the next version has the socket, or this one has closed it, and the next one has all connections. */
  CompletableFuture<Void> moved() {
    return CompletableFuture.allOf(gone, traffic.moved());
  }

  private void goOn(Left left, ServerSocketChannel server) {
    coming = null;
    if (stopped || !left.release()) {
      bind();
      return;
    }
    socket = server;
    InetSocketAddress at = server.localAddress();
    wanted = spec.resolve(tools.addresses()).orElse(at); // a number that is not known yet does not move it
    inherit(server);
    listening(at);
  }

  /**
   * The next version takes the socket, which goes on listening; on the loop, and it is the next version's before this turn ends.
   *
   * @return false if there is none to take
   */
  protected boolean release() {
    Channel last = socket;
    stopped = true;
    problem = "moved";
    retry.close();
    if (last == null || bound.isEmpty()) {
      closeSocket();
      gone.complete(null);
      return false;
    }
    bound = "";
    socket = null;
    last.pipeline().removeLast();
    gone.complete(null);
    return true;
  }

  /** What is there, or is on its way from the last version: it comes before whoever takes it from here. Any thread. */
  protected @Nullable Channel socket() {
    Channel first = coming;
    return first == null ? socket : first;
  }

  /** Virtual addresses of peers changed. Connections that are open stay. */
  void addressesChanged() {
    loop.execute(() -> {
      InetSocketAddress now = spec.resolve(tools.addresses()).orElse(null);
      if (!stopped && now != null && !now.equals(wanted)) {
        closeSocket();
        backoff.reset();
        bind();
      }
    });
  }

  /** Accepts nothing any more; what is open goes on. */
  CompletionStage<Void> stopListening() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      loop.execute(() -> {
        stopped = true;
        problem = "stopped";
        retry.close();
        Channel last = socket;
        closeSocket();
        gone.complete(null);
        if (last == null) {
          done.complete(null);
        } else {
          last.closeFuture().addListener(f -> done.complete(null));
        }
      });
    } catch (RejectedExecutionException e) {
      log.debug("forward stopped after its event loop address={}", spec.text(), e);
      done.complete(null);
    }
    return done;
  }

  /** Stops listening and cuts what is open; completes when nothing is left. */
  CompletionStage<Void> close(Reason reason) {
    CompletionStage<Void> silent = stopListening();
    return traffic.close(reason).thenCombine(silent, (a, b) -> null);
  }

  LocalSpec spec() {
    return spec;
  }

  Traffic traffic() {
    return traffic;
  }

  String bound() {
    return bound;
  }

  String problem() {
    return problem;
  }

  ForwardInfo info() {
    return new ForwardInfo(
        spec.route().service(),
        spec.route().at(),
        spec.route().kind(),
        spec.text(),
        bound,
        problem,
        spec.configured(),
        traffic.active(),
        traffic.total());
  }

  private void bind() {
    if (stopped || socket != null) {
      return;
    }
    wanted = spec.resolve(tools.addresses()).orElse(null);
    if (wanted == null) {
      failed("peer " + spec.route().at() + " has no virtual address: give it a vip where it is configured", null);
      return; // addressesChanged comes when it has one
    }
    Channel fresh;
    try {
      fresh = newSocket();
    } catch (RuntimeException e) {
      failed(BindProblem.of(wanted, e), e);
      retryLater();
      return;
    }
    socket = fresh;
    InetSocketAddress address = wanted;
    loop.register(fresh);
    fresh.bind(address).addListener(f -> {
      if (socket != fresh) {
        fresh.close(); // stopped or moved meanwhile
      } else if (f.isSuccess()) {
        listening((InetSocketAddress) fresh.localAddress());
      } else {
        closeSocket();
        failed(BindProblem.of(address, f.cause()), f.cause());
        retryLater();
      }
    });
  }

  private void listening(InetSocketAddress address) {
    bound = LocalAddress.text(address);
    problem = "";
    backoff.reset();
    log.info("forward listening service={} at={} kind={} address={}", spec.route().service(), spec.route().at(), spec.route().kind(), bound);
    firstTry.complete(null);
  }

  private void failed(String why, @Nullable Throwable cause) {
    if (!why.equals(problem)) {
      log.warn("forward not listening service={} address={} problem=\"{}\"", spec.route().service(), spec.text(), why);
      log.debug("forward not listening address={}", spec.text(), cause);
    }
    problem = why;
    firstTry.completeExceptionally(new IllegalStateException(why, cause));
  }

  private void retryLater() {
    retry.close();
    retry = tools.timers().after(backoff.next(), loop, this::bind);
  }

  private void closeSocket() {
    retry.close();
    bound = "";
    Channel last = socket;
    socket = null;
    if (last != null) {
      unbound();
      last.close();
    }
  }
}
