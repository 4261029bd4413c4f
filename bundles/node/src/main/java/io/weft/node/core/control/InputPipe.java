package io.weft.node.core.control;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;

/** Standard input of a session: filled by the socket's reader, which must never wait, and read by the command. Thread-safe. */
final class InputPipe extends InputStream {

  static final int WAITING_MAX = 4 << 20;

  private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
  private int offset;
  private int waiting;
  private boolean ended;

  /**
   * Adds bytes.
   *
   * @throws BadFrame if more than {@link #WAITING_MAX} bytes would wait
   */
  synchronized void feed(byte[] bytes) {
    if (ended || bytes.length == 0) {
      return;
    }
    if (waiting + bytes.length > WAITING_MAX) {
      throw new BadFrame("more than " + (WAITING_MAX >> 20) + " MiB of input wait and the command does not read them");
    }
    chunks.add(bytes);
    waiting += bytes.length;
    notifyAll();
  }

  /** What waits can still be read, then comes the end. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized int read() throws InterruptedIOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] into, int at, int length) throws InterruptedIOException {
    if (length == 0) {
      return 0;
    }
    while (waiting == 0) {
      if (ended) {
        return -1;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for input");
      }
    }
    byte[] chunk = chunks.element();
    int n = Math.min(length, chunk.length - offset);
    System.arraycopy(chunk, offset, into, at, n);
    offset += n;
    waiting -= n;
    if (offset == chunk.length) {
      chunks.remove();
      offset = 0;
    }
    return n;
  }

  @Override
  public synchronized int available() {
    return waiting;
  }
}
