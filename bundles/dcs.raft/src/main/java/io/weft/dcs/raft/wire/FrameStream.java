package io.weft.dcs.raft.wire;

import io.weft.channel.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Frames both ways on one stream. What waits to be written leaves together; reading never waits for writing. */
final class FrameStream implements AutoCloseable {

  private static final int READ_ROOM = 64 * 1024;
  private static final int TOGETHER_MAX = 512 * 1024;
  private static final long WAITING_MAX = 128L << 20;

  private final ByteStream stream;
  private final FrameDecoder decoder;
  private final Consumer<Frame> frames;
  private final Consumer<IOException> onEnd;
  // Guards what waits to be written. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean writing;
  private boolean over;

  /**
   * @param frames gets each frame, on the loop of the link; returns at once
   * @param onEnd told once, when nothing goes through any more
   */
  FrameStream(ByteStream stream, int frameMax, Consumer<Frame> frames, Consumer<IOException> onEnd) {
    this.stream = stream;
    this.decoder = new FrameDecoder(frameMax);
    this.frames = frames;
    this.onEnd = onEnd;
  }

  /** Begins to read. */
  void start() {
    read(ByteBuffer.allocate(READ_ROOM));
  }

  /** Writes as soon as those before it are written; false if the stream is over. */
  boolean send(Frame frame) {
    boolean overflow;
    synchronized (lock) {
      if (over) {
        return false;
      }
      waiting.add(frame);
      waitingBytes += frame.size();
      overflow = waitingBytes > WAITING_MAX;
      if (writing && !overflow) {
        return true;
      }
      writing = true;
    }
    if (overflow) {
      end(new IOException("the other side takes too little"));
      return false;
    }
    writeNext();
    return true;
  }

  /** First of all that is written. */
  CompletionStage<Void> greet(byte[] bytes) {
    return stream.write(ByteBuffer.wrap(bytes));
  }

  private void writeNext() {
    while (true) {
      ByteBuffer batch = nextBatch();
      if (batch == null) {
        return;
      }
      CompletableFuture<Void> written = stream.write(batch).toCompletableFuture();
      if (!written.isDone()) {
        written.whenComplete((done, failure) -> {
          if (failure != null) {
            end(asIo(failure));
          } else {
            writeNext();
          }
        });
        return;
      }
      if (written.isCompletedExceptionally()) {
        written.whenComplete((done, failure) -> end(asIo(failure)));
        return;
      }
    }
  }

  private @Nullable ByteBuffer nextBatch() {
    List<Frame> together = new ArrayList<>();
    int size = 0;
    synchronized (lock) {
      while (!over && !waiting.isEmpty() && (size == 0 || size + waiting.peek().size() <= TOGETHER_MAX)) {
        Frame frame = waiting.poll();
        waitingBytes -= frame.size();
        size += frame.size();
        together.add(frame);
      }
      if (together.isEmpty()) {
        writing = false;
        return null;
      }
    }
    ByteBuffer batch = ByteBuffer.allocate(size);
    together.forEach(f -> f.write(batch));
    return batch.flip();
  }

  private void read(ByteBuffer room) {
    while (true) {
      room.clear();
      CompletableFuture<Integer> read = stream.read(room).toCompletableFuture();
      if (!read.isDone()) {
        read.whenComplete((count, failure) -> {
          if (took(room, count, failure)) {
            read(room);
          }
        });
        return;
      }
      boolean[] more = new boolean[1];
      read.whenComplete((count, failure) -> more[0] = took(room, count, failure));
      if (!more[0]) {
        return;
      }
    }
  }

  private boolean took(ByteBuffer room, @Nullable Integer count, @Nullable Throwable failure) {
    if (count == null) {
      end(asIo(failure));
      return false;
    }
    if (count < 0) {
      end(new IOException("the other side ended the stream"));
      return false;
    }
    try {
      decoder.feed(room.flip(), frames);
      return true;
    } catch (IllegalArgumentException e) {
      end(new IOException("not understood: " + e.getMessage(), e));
      return false;
    }
  }

  private static IOException asIo(@Nullable Throwable failure) {
    return failure instanceof IOException io ? io : new IOException(String.valueOf(failure), failure);
  }

  private void end(IOException why) {
    synchronized (lock) {
      if (over) {
        return;
      }
      over = true;
      waiting.clear();
    }
    stream.abort("over");
    onEnd.accept(why);
  }

  @Override
  public void close() {
    end(new IOException("closed"));
  }
}
