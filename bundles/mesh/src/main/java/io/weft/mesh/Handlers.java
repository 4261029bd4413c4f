package io.weft.mesh;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelOutcome;
import io.weft.node.Timers;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads on which handlers of services may block. A channel for which there is none is refused, rather than made to wait
 * unseen.
 */
final class Handlers {

  private static final Logger log = LoggerFactory.getLogger(Handlers.class);

  private final Timers timers;
  private final int threadsMax;
  private final ExecutorService threads;

  /** @param threads has as many as there may be at once, and rejects more; ended by {@link #close} */
  Handlers(Timers timers, int threadsMax, ExecutorService threads) {
    this.timers = timers;
    this.threadsMax = threadsMax;
    this.threads = threads;
  }

  /** Threads that come when they are needed and go when they are not. */
  static ExecutorService threads(int most) {
    AtomicInteger count = new AtomicInteger();
    return new ThreadPoolExecutor(0, most, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
      Thread thread = new Thread(task, "weft-mesh-handler-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    });
  }

  /** Takes a channel for a handler, or refuses it. */
  RawChannelHandler take(RawChannel channel, Consumer<ByteStream> handler) {
    FabricStream stream = new FabricStream(timers).on(channel);
    try {
      threads.execute(() -> run(stream, handler));
      channel.accept();
    } catch (RejectedExecutionException e) {
      channel.refuse(ChannelOutcome.limit, "all " + threadsMax + " handler threads are busy");
    }
    return stream;
  }

  private void run(FabricStream stream, Consumer<ByteStream> handler) {
    try {
      handler.accept(stream);
    } catch (RuntimeException | Error e) {
      if (threads.isShutdown()) {
        log.debug("handler interrupted service={} peer={}", stream.service(), stream.peer(), e);
      } else {
        log.error("handler failed service={} peer={}", stream.service(), stream.peer(), e);
      }
      stream.abort("the handler failed");
    }
  }

  /** Interrupts handlers; their streams are cut with the links. */
  void close() {
    threads.shutdownNow();
  }
}
