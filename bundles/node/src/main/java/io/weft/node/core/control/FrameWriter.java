package io.weft.node.core.control;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Sends frames to the client from a thread of its own. Commands do not write to the socket themselves, because interrupting a
 * thread inside a channel's write closes the channel, and a cancelled command still has an exit code to send.
 */
final class FrameWriter {

  private static final int WAITING_MAX = 256 * 1024;
  private static final int CHUNK = 32 * 1024;

  private final WritableByteChannel channel;
  // Guarded by this, as all below.
  private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
  private int waiting;
  private boolean finished;
  private boolean broken;

  FrameWriter(WritableByteChannel channel) {
    this.channel = channel;
  }

  /** A stream whose bytes become frames of this type. Writing waits while the client does not read. */
  OutputStream stream(int type) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += CHUNK) {
          send(ControlFrames.encode(type, bytes, offset + done, Math.min(CHUNK, length - done)));
        }
      }
    };
  }

  private synchronized void send(byte[] frame) throws IOException {
    while (waiting > WAITING_MAX && !broken && !finished) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while the client does not read");
      }
    }
    if (broken || finished) {
      throw new IOException("the client is gone");
    }
    frames.add(frame);
    waiting += frame.length;
    notifyAll();
  }

  /** Queues the last frame; whatever a command that was cancelled still writes is refused. */
  synchronized void finish(byte[] last) {
    if (!finished) {
      finished = true;
      frames.add(last);
      waiting += last.length;
      notifyAll();
    }
  }

  /** Drops everything and lets those who wait go. */
  synchronized void abort() {
    broken = true;
    notifyAll();
  }

  /** Runs until the last frame was sent or the client is gone. */
  void run() throws IOException {
    try {
      for (byte[] frame = take(); frame != null; frame = take()) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } finally {
      abort();
    }
  }

  private synchronized byte @Nullable [] take() throws InterruptedIOException {
    while (frames.isEmpty() && !finished && !broken) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    byte[] frame = broken ? null : frames.poll();
    if (frame != null) {
      waiting -= frame.length;
      notifyAll();
    }
    return frame;
  }
}
