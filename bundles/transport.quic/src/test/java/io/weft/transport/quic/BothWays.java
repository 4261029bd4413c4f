package io.weft.transport.quic;

import io.netty.buffer.Unpooled;
import io.weft.testkit.FakeStreamHandler;
import io.weft.transport.Link;
import io.weft.transport.Stream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One side of a stream that sends the same long nonsense as the other, and hashes what comes. */
final class BothWays extends FakeStreamHandler {

  private static final int CHUNK = 16 * 1024;

  private final long size;
  private long sent;

  BothWays(long size) {
    this.size = size;
  }

  void start(Link from) {
    from.loop().execute(() -> from.openStream(this).thenAccept(this::send));
  }

  /** As the side that did not open it. */
  BothWays answering(Stream stream) {
    stream.link().loop().execute(() -> send(stream));
    return this;
  }

  private static byte at(long position) {
    return (byte) (position * 31 + (position >> 13));
  }

  @Override
  public void writable(Stream stream) {
    send(stream);
  }

  private void send(Stream stream) {
    if (sent == size) {
      return;
    }
    while (sent < size && stream.isWritable()) {
      int n = (int) Math.min(CHUNK, size - sent);
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

  boolean isWhole() {
    return received() == size && has("finished");
  }

  /** What {@link #sha} is when all came as it was sent. */
  String expectedSha() throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (long i = 0; i < size; i++) {
      digest.update(at(i));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
