package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.Registration;
import io.weft.node.Succession.Estate;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How this version comes to the address of the last, and the next one to that of this: both are bound to it for as long as the older one has
 * links. The mesh opens links through the newer one and lets those of the older become empty. On the loop, unless said otherwise.
 */
final class Takeover {

  /** How long links go on when the next version is there; then they are cut. */
  static final Duration GOES_ON_FOR = Duration.ofSeconds(60);

  /** After the last link is over, for those of its packets that are still under way. */
  private static final Duration LINGER = Duration.ofSeconds(3);

  private final LinkContext context;
  private final EventLoop loop;
  private final UdpSocket socket;
  private final Listening listening;
  private final Supplier<CompletableFuture<Void>> close;
  private final Sharing sharing = new Sharing();
  private volatile @Nullable Predecessor predecessor;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private volatile boolean ended;
  private boolean shared;
  private boolean heirIsBound;
  private boolean lingered;
  private Runnable tellHeir = () -> {};
  private Registration idle = () -> {};

  /** @param close closes everything; any thread */
  Takeover(LinkContext context, UdpSocket socket, Listening listening, Supplier<CompletableFuture<Void>> close) {
    this.context = context;
    this.loop = context.loop();
    this.socket = socket;
    this.listening = listening;
    this.close = close;
  }

  Sharing sharing() {
    return sharing;
  }

  /** Whether the next bind is to an address that the last version is bound to. */
  boolean isShared() {
    return shared;
  }

  // With the last version.

  /** Binds; any thread. */
  void start(@Nullable Predecessor last, String listen, Supplier<UdpPort.Setup> setup) {
    if (last == null) {
      loop.execute(() -> listening.listen(listen, setup));
      return;
    }
    predecessor = last;
    listening.onBound(this::bound);
    last.share(hop(this::fromOlder), () -> loop.execute(this::predecessorEnded)).whenCompleteAsync((down, failure) -> {
      if (ended) {
        return;
      }
      shared = down != null;
      sharing.older(down);
      listening.listen(shared ? last.address(listen) : listen, setup);
    }, loop);
  }

  private void bound() {
    Predecessor last = predecessor;
    UdpPort port = listening.port();
    if (shared && last != null && port != null) {
      shared = false;
      socket.share(port.channel(), false);
      last.bound();
    }
  }

  private void predecessorEnded() {
    sharing.older(null);
    predecessor = null;
    endIfOver();
  }

  private void fromOlder(ByteBuf packet, InetSocketAddress from) {
    UdpPort port = listening.port();
    if (port == null) {
      packet.release();
    } else {
      port.mux().inject(packet, from);
    }
  }

  // With the next version.

  /** What is left to it. Any thread. */
  Estate estate(String listen) {
    Map<String, Object> things = new HashMap<>();
    BiFunction<BiConsumer<ByteBuf, InetSocketAddress>, Runnable, CompletionStage<@Nullable BiConsumer<ByteBuf, InetSocketAddress>>> share =
        this::share;
    Runnable bound = () -> loop.execute(this::heirBound);
    Runnable end = this::expired;
    InetSocketAddress local = listening.local();
    things.put("format", Predecessor.FORMAT);
    things.put("listen", listen);
    things.put("share", share);
    Function<Boolean, CompletionStage<?>> reuse = this::reuse;
    things.put("reuse", reuse);
    things.put("bound", bound);
    things.put("end", end);
    if (local != null) {
      things.put("local", local);
    }
    return new Estate() {
      @Override
      public Map<String, Object> things() {
        return things;
      }

      @Override
      public Duration goesOnFor() {
        return GOES_ON_FOR;
      }

      @Override
      public void expired() {
        Takeover.this.expired();
      }
    };
  }

  private CompletionStage<@Nullable BiConsumer<ByteBuf, InetSocketAddress>> share(
      BiConsumer<ByteBuf, InetSocketAddress> up, Runnable whenEnded) {
    CompletableFuture<@Nullable BiConsumer<ByteBuf, InetSocketAddress>> down = new CompletableFuture<>();
    loop.execute(() -> {
      UdpPort port = listening.port();
      tellHeir = whenEnded;
      if (port == null || !socket.canShare() || ended) {
        endPredecessor();
        end().whenComplete((done, failure) -> down.complete(null));
      } else {
        sharing.newer(up);
        reuse(true).whenComplete((done, failure) -> down.complete(hop(this::fromNewer)));
      }
    });
    return down;
  }

  private void fromNewer(ByteBuf packet, InetSocketAddress from) {
    UdpPort port = listening.port();
    if (port == null) {
      packet.release();
    } else {
      port.mux().fromNewer(packet, from);
    }
  }

  /** All versions that are bound to the address have to allow it. Any thread. */
  private CompletionStage<?> reuse(boolean may) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      UdpPort port = listening.port();
      Predecessor last = predecessor;
      if (port != null) {
        socket.share(port.channel(), may);
      }
      (last == null ? CompletableFuture.completedFuture(null) : last.reuse(may)).whenComplete((before, failure) -> done.complete(null));
    });
    return done;
  }

  private void heirBound() {
    reuse(false);
    heirIsBound = true;
    endIfIdle();
  }

  /** The next version is there, or a link is over: if it was the last, this version ends soon, but not before its own predecessor. */
  void endIfIdle() {
    idle.close();
    lingered = false;
    if (heirIsBound && !ended && hasNoLinks()) {
      idle = context.timers().after(LINGER, loop, () -> {
        lingered = true;
        endIfOver();
      });
    }
  }

  private void endIfOver() {
    if (lingered && hasNoLinks() && !sharing.hasOlder()) {
      end();
    }
  }

  private boolean hasNoLinks() {
    UdpPort port = listening.port();
    return port == null || port.links() == 0;
  }

  private void expired() {
    endPredecessor();
    end();
  }

  /** The version before ends with this one. Any thread. */
  void endPredecessor() {
    Predecessor last = predecessor;
    if (last != null) {
      last.end();
    }
  }

  /** Closes everything. Any thread. */
  CompletableFuture<Void> end() {
    ended = true;
    return close.get().whenComplete((done, failure) -> loop.execute(() -> {
      idle.close();
      sharing.newer(null);
      tellHeir.run();
      tellHeir = () -> {};
      over.complete(null);
    }));
  }

  /** Completes when everything is closed. */
  CompletableFuture<Void> ended() {
    return over;
  }

  /** To the loop, from that of another version. */
  private BiConsumer<ByteBuf, InetSocketAddress> hop(BiConsumer<ByteBuf, InetSocketAddress> on) {
    return (packet, from) -> {
      try {
        loop.execute(() -> on.accept(packet, from));
      } catch (RejectedExecutionException e) {
        packet.release(); // the node ends
        context.counters().add(Counters.PACKETS_UNKNOWN);
      }
    };
  }
}
