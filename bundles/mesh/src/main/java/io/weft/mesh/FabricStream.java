package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.channel.ByteStream;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel in JDK types. State belongs to the channel's loop; the methods may be called from any thread. */
final class FabricStream implements ByteStream, RawChannelHandler {

  private static final Logger log = LoggerFactory.getLogger(FabricStream.class);
  private static final int CHUNK = 64 * 1024;
  private static final Duration LINGER = Duration.ofSeconds(10);

  /** A read or write that waits. */
  private record Waiting<T>(ByteBuffer buffer, CompletableFuture<T> result) {}

  private final Timers timers;
  private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();
  private @Nullable RawChannel channel;
  private @Nullable Waiting<Integer> reading;
  private @Nullable Waiting<Void> writing;
  private Registration readTimer = () -> {};
  private Registration writeTimer = () -> {};
  private Duration timeout = Duration.ZERO;
  private Registration lingerTimer = () -> {};
  private boolean finished;
  private boolean closing;
  private boolean over;
  private @Nullable IOException failure;

  FabricStream(Timers timers) {
    this.timers = timers;
  }

  /** The channel it is to carry; before anything else. */
  FabricStream on(RawChannel opened) {
    channel = opened;
    return this;
  }

  @Override
  public String peer() {
    return channel.peer().name();
  }

  @Override
  public String service() {
    return channel.service();
  }

  @Override
  public String origin() {
    return channel.origin();
  }

  @Override
  public CompletionStage<Integer> read(ByteBuffer into) {
    CompletableFuture<Integer> result = new CompletableFuture<>();
    run(result, () -> {
      if (reading != null) {
        throw new IllegalStateException("another read waits");
      }
      if (!into.hasRemaining()) {
        throw new IllegalArgumentException("a read needs room for at least one byte");
      }
      reading = new Waiting<>(into, result);
      serveRead();
      readTimer = watch(reading != null, "read");
    });
    return result;
  }

  private void serveRead() {
    if (reading == null) {
      return;
    }
    ByteBuffer into = reading.buffer;
    int start = into.position();
    while (into.hasRemaining() && !arrived.isEmpty()) {
      ByteBuf head = arrived.peek();
      int count = Math.min(head.readableBytes(), into.remaining());
      int limit = into.limit();
      into.limit(into.position() + count);
      head.readBytes(into);
      into.limit(limit);
      if (!head.isReadable()) {
        arrived.poll().release();
      }
    }
    int count = into.position() - start;
    if (count > 0) {
      channel.consumed(count);
      readDone().complete(count);
    } else if (finished) {
      readDone().complete(-1);
    } else if (over) {
      readDone().completeExceptionally(failure());
    }
  }

  private CompletableFuture<Integer> readDone() {
    CompletableFuture<Integer> result = reading.result;
    reading = null;
    readTimer.close();
    return result;
  }

  @Override
  public CompletionStage<Void> write(ByteBuffer from) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    run(result, () -> {
      if (writing != null) {
        throw new IllegalStateException("another write waits");
      }
      writing = new Waiting<>(from, result);
      serveWrite();
      writeTimer = watch(writing != null, "write");
    });
    return result;
  }

  private void serveWrite() {
    if (writing == null) {
      return;
    }
    ByteBuffer from = writing.buffer;
    if (over) {
      writeDone().completeExceptionally(failure());
      return;
    }
    while (from.hasRemaining() && channel.isWritable()) {
      int count = Math.min(from.remaining(), CHUNK);
      ByteBuffer chunk = from.duplicate().limit(from.position() + count);
      channel.write(ByteBufAllocator.DEFAULT.directBuffer(count).writeBytes(chunk));
      from.position(from.position() + count);
    }
    channel.flush();
    if (!from.hasRemaining()) {
      writeDone().complete(null);
    }
  }

  private CompletableFuture<Void> writeDone() {
    CompletableFuture<Void> result = writing.result;
    writing = null;
    writeTimer.close();
    return result;
  }

  @Override
  public CompletionStage<Void> finish() {
    CompletableFuture<Void> result = new CompletableFuture<>();
    run(result, () -> {
      channel.finish();
      result.complete(null);
    });
    return result;
  }

  @Override
  public void abort(String detail) {
    run(() -> fail(new IOException("aborted: " + detail), Reason.of("aborted", detail)));
  }

  @Override
  public void timeout(Duration newTimeout) {
    run(() -> {
      timeout = newTimeout;
      readTimer.close();
      writeTimer.close();
      readTimer = watch(reading != null, "read");
      writeTimer = watch(writing != null, "write");
    });
  }

  private Registration watch(boolean waits, String what) {
    if (!waits || timeout.isZero()) {
      return () -> {};
    }
    long millis = timeout.toMillis();
    return timers.after(timeout, channel.loop(), () ->
        fail(new SocketTimeoutException(what + " timed out after " + millis + " ms"), Reason.of("timeout", what + " timed out")));
  }

  @Override
  public InputStream input() {
    return new Blocking.Input(this);
  }

  @Override
  public OutputStream output() {
    return new Blocking.Output(this);
  }

  @Override
  public void close() {
    run(() -> {
      dropArrived();
      if (!closing) {
        closing = true;
        channel.finish();
        if (!over) {
          Reason unfinished = Reason.of("aborted", "the other side did not finish");
          lingerTimer = timers.after(LINGER, channel.loop(), () -> fail(new IOException("closed"), unfinished));
        }
      }
    });
  }

  private void run(Runnable task) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    result.whenComplete((nothing, e) -> log.debug("stream call failed service={} peer={}", service(), peer(), e));
    run(result, task);
  }

  /** Runs it on the loop; what it throws fails {@code result}. */
  private void run(CompletableFuture<?> result, Runnable task) {
    Runnable guarded = () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      }
    };
    try {
      if (channel.loop().inEventLoop()) {
        guarded.run();
      } else {
        channel.loop().execute(guarded);
      }
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new IOException("this node stops", e));
    }
  }

  private void fail(IOException why, Reason reason) {
    if (!over) {
      over = true;
      failure = why;
      channel.abort(reason);
      dropArrived();
      serveRead();
      serveWrite();
    }
  }

  private IOException failure() {
    return failure == null ? new IOException("the stream is closed") : failure;
  }

  private void dropArrived() {
    while (!arrived.isEmpty()) {
      ByteBuf bytes = arrived.poll();
      channel.consumed(bytes.readableBytes());
      bytes.release();
    }
  }

  // RawChannelHandler.

  @Override
  public void data(RawChannel from, ByteBuf bytes) {
    arrived.add(bytes);
    if (closing) {
      dropArrived();
    } else {
      serveRead();
    }
  }

  @Override
  public void finished(RawChannel from) {
    finished = true;
    serveRead();
  }

  @Override
  public void writable(RawChannel from) {
    serveWrite();
  }

  @Override
  public void closed(RawChannel from, @Nullable Reason reason) {
    over = true;
    lingerTimer.close();
    if (failure == null) {
      failure = new IOException(reason == null ? "the stream is closed" : "the stream was cut: " + reason);
    }
    if (reason != null) {
      arrived.forEach(ByteBuf::release);
      arrived.clear();
    }
    serveRead();
    serveWrite();
  }
}
