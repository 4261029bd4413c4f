package io.weft.testkit.fabric;

import io.weft.channel.ByteStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** A stream of a node, of whose blocking views the fabric knows when somebody waits there. */
final class WatchedStream implements ByteStream {

  private final ByteStream stream;
  private final Handlers handlers;

  WatchedStream(ByteStream stream, Handlers handlers) {
    this.stream = stream;
    this.handlers = handlers;
  }

  private <T> T await(CompletionStage<T> stage) throws IOException {
    try {
      return handlers.await(stage.toCompletableFuture());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort("interrupted");
      throw new InterruptedIOException("interrupted while waiting for the peer");
    }
  }

  @Override
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : await(stream.read(ByteBuffer.wrap(into, offset, length)));
      }
    };
  }

  @Override
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        await(stream.write(ByteBuffer.wrap(from, offset, length)));
      }

      @Override
      public void close() throws IOException {
        await(stream.finish());
      }
    };
  }

  @Override
  public String peer() {
    return stream.peer();
  }

  @Override
  public String service() {
    return stream.service();
  }

  @Override
  public String origin() {
    return stream.origin();
  }

  @Override
  public CompletionStage<Integer> read(ByteBuffer into) {
    return stream.read(into);
  }

  @Override
  public CompletionStage<Void> write(ByteBuffer from) {
    return stream.write(from);
  }

  @Override
  public CompletionStage<Void> finish() {
    return stream.finish();
  }

  @Override
  public void abort(String detail) {
    stream.abort(detail);
  }

  @Override
  public void timeout(Duration timeout) {
    stream.timeout(timeout);
  }

  @Override
  public void close() {
    stream.close();
  }
}
