package io.weft.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The views of a stream for threads that may wait. Interrupting one that waits aborts the stream. */
final class Blocking {

  private Blocking() {}

  private static <T> T await(FabricStream stream, CompletionStage<T> stage) throws IOException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stream.abort("interrupted");
      throw new InterruptedIOException("interrupted while waiting for " + stream.service() + " at " + stream.peer());
    }
  }

  /** The incoming bytes. */
  static final class Input extends InputStream {

    private final FabricStream stream;

    Input(FabricStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      return length == 0 ? 0 : await(stream, stream.read(ByteBuffer.wrap(bytes, offset, length)));
    }
  }

  /** The outgoing bytes. Nothing is kept back, so there is nothing to flush. */
  static final class Output extends OutputStream {

    private final FabricStream stream;

    Output(FabricStream stream) {
      this.stream = stream;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      await(stream, stream.write(ByteBuffer.wrap(bytes, offset, length)));
    }

    @Override
    public void close() throws IOException {
      await(stream, stream.finish());
    }
  }
}
