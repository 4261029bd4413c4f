package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One big transfer to a reader that takes its time, with credit as the mesh grants it: the writer stays within what the reader
 * allows, the reader allows more when it has worked off half of it. Every byte is checked.
 */
final class SlowRead {

  private static final int WINDOW = 256 * 1024;
  private static final int CHUNK = 16 * 1024;

  private final long size;
  private final int bytesPerMilli;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile long read;

  /** @param bytesPerMilli how fast the reader works */
  SlowRead(long size, int bytesPerMilli) {
    this.size = size;
    this.bytesPerMilli = bytesPerMilli;
  }

  CompletableFuture<Void> done() {
    return done;
  }

  /** What the reader has worked off so far. */
  long read() {
    return read;
  }

  void start(Link from) {
    Writer writer = new Writer();
    from.loop().execute(() -> from.openStream(writer).thenAccept(writer::start));
  }

  LinkHandler handler() {
    return new Streams();
  }

  private static byte at(long position) {
    return (byte) (position * 31 + (position >> 13));
  }

  private final class Streams implements LinkHandler {

    @Override
    public StreamHandler stream(Stream stream) {
      return new Reader();
    }

    @Override
    public void datagram(ByteBuf payload) {
      payload.release();
    }

    @Override
    public void closed(Reason reason, boolean byPeer) {
      done.completeExceptionally(new AssertionError("link closed: " + reason));
    }
  }

  private abstract class Side implements StreamHandler {

    @Override
    public void finished(Stream stream) {}

    @Override
    public void reset(Stream stream, int code) {
      done.completeExceptionally(new AssertionError("reset " + code));
    }

    @Override
    public void writable(Stream stream) {}

    @Override
    public void closed(Stream stream) {}
  }

  private final class Writer extends Side {

    private final ByteBuf limits = Unpooled.buffer();
    private long sent;
    private long limit = WINDOW;

    void start(Stream stream) {
      writable(stream);
    }

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      limits.writeBytes(bytes);
      bytes.release();
      while (limits.readableBytes() >= 8) {
        limit = limits.readLong();
      }
      limits.discardSomeReadBytes();
      writable(stream);
    }

    @Override
    public void writable(Stream stream) {
      while (sent < Math.min(size, limit) && stream.isWritable()) {
        int n = (int) Math.min(CHUNK, Math.min(size, limit) - sent);
        byte[] chunk = new byte[n];
        for (int i = 0; i < n; i++) {
          chunk[i] = at(sent + i);
        }
        sent += n;
        stream.write(Unpooled.directBuffer(n).writeBytes(chunk));
      }
      stream.flush();
      if (sent == size) {
        stream.finish();
      }
    }
  }

  private final class Reader extends Side {

    private long arrived;
    private long granted = WINDOW;
    private boolean working;

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      byte[] chunk = new byte[bytes.readableBytes()];
      bytes.readBytes(chunk).release();
      if (arrived + chunk.length > granted) {
        done.completeExceptionally(new AssertionError("more than was granted"));
      }
      for (byte b : chunk) {
        if (b != at(arrived++)) {
          done.completeExceptionally(new AssertionError("wrong byte at " + (arrived - 1)));
          return;
        }
      }
      work(stream);
    }

    private void work(Stream stream) {
      if (!working && read < arrived) {
        working = true;
        stream.link().loop().schedule(() -> {
          working = false;
          read = Math.min(arrived, read + bytesPerMilli * 2L);
          if (read + WINDOW - granted >= WINDOW / 2 || read == arrived) {
            granted = read + WINDOW;
            stream.write(Unpooled.buffer(8).writeLong(granted));
            stream.flush();
          }
          if (read == size) {
            stream.finish();
            done.complete(null);
          }
          work(stream);
        }, 2, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void finished(Stream stream) {
      if (arrived != size) {
        done.completeExceptionally(new AssertionError("ended after " + arrived + " bytes"));
      }
    }
  }
}
