package io.weft.itests.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask an echo server at a steady rate, whatever it does: a request is due when it is due, and what it took is counted from
 * then. Each client has a connection that it keeps; every tenth request goes on a new one.
 */
final class PacedRequests implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int SIZE = 64;
  private static final int FRESH_EVERY = 10;

  /** @param due monotonic nanoseconds; {@code took} is negative if it was lost */
  private record Asked(long due, long took, String failure) {}

  /** What came of the requests of some time. */
  record Outcome(int asked, List<String> lost, double p99Millis) {}

  private final InetSocketAddress address;
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  PacedRequests(int port, int clients, int perSecond) {
    address = new InetSocketAddress("127.0.0.1", port);
    long everyNanos = 1_000_000_000L * clients / perSecond;
    for (int i = 0; i < clients; i++) {
      long first = System.nanoTime() + everyNanos * i / clients;
      Thread thread = new Thread(() -> ask(first, everyNanos), "paced-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void ask(long first, long everyNanos) {
    Socket kept = null;
    long due = first;
    for (int i = 0; !stopped; i++, due += everyNanos) {
      while (due - System.nanoTime() > 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      try {
        if (i % FRESH_EVERY == 0) {
          try (Socket fresh = connect()) {
            exchange(fresh, i);
          }
        } else {
          kept = kept == null ? connect() : kept;
          exchange(kept, i);
        }
        asked.add(new Asked(due, System.nanoTime() - due, ""));
      } catch (IOException e) {
        asked.add(new Asked(due, -1, (i % FRESH_EVERY == 0 ? "new connection: " : "kept connection: ") + e));
        kept = i % FRESH_EVERY == 0 ? kept : null;
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(address, TIMEOUT_MILLIS);
    return socket;
  }

  private static void exchange(Socket socket, int number) throws IOException {
    byte[] request = ByteBuffer.allocate(SIZE).putLong(number).putLong(System.nanoTime()).array();
    socket.getOutputStream().write(request);
    byte[] answer = new byte[SIZE];
    new DataInputStream(socket.getInputStream()).readFully(answer);
    if (!Arrays.equals(request, answer)) {
      throw new IOException("a wrong answer");
    }
  }

  /** What came of the requests that were due between two moments. */
  Outcome between(long fromNanos, long toNanos) {
    List<Asked> some = asked.stream().filter(a -> a.due - fromNanos >= 0 && a.due - toNanos < 0).toList();
    double[] took = some.stream().filter(a -> a.took >= 0).mapToDouble(a -> a.took / 1e6).toArray();
    return new Outcome(some.size(), some.stream().map(Asked::failure).filter(f -> !f.isEmpty()).toList(),
        took.length == 0 ? Double.NaN : Stats.percentile(took, 99));
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
