package io.weft.channel;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A byte stream to a service. Any thread; one read and one write at a time. The stages complete on the link's loop, so what is
 * chained to them must return at once. Back-pressure is end to end: a write completes when the window took it.
 *
 * <p>Failures complete stages with {@link java.io.IOException}; after one, the stream is closed and it is not known what the other
 * side received.
 */
@ProviderType
public interface ByteStream extends AutoCloseable {

  /** The peer at the other end. */
  String peer();

  String service();

  /** What the opener said of itself. */
  String origin();

  /** Reads at least one byte into {@code into}; completes with the count, or -1 after the other side finished. */
  CompletionStage<Integer> read(ByteBuffer into);

  /** Writes all of {@code from}. */
  CompletionStage<Void> write(ByteBuffer from);

  /** No more bytes from here; the other direction stays open. */
  CompletionStage<Void> finish();

  /** Cuts both directions; the other side sees a reset. Idempotent. */
  void abort(String detail);

  /**
   * Reads and writes that have not completed after this time fail with {@link java.net.SocketTimeoutException} and abort the stream,
   * at the peer too. {@link Duration#ZERO} means none. Applies to operations already waiting.
   */
  void timeout(Duration timeout);

  /** Blocking view of the incoming bytes. Not on a loop. Interrupting the reader aborts the stream. */
  InputStream input();

  /** Blocking view of the outgoing bytes; closing it finishes this direction. Not on a loop. */
  OutputStream output();

  /** Finishes and, if the other side does not finish within 10 s, cuts. Idempotent, does not block. */
  @Override
  void close();
}
