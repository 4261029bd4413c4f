package io.weft.itests.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that never stops asking an echo server: one request after another, each checked, on one connection that lives as long as
 * possible and on short ones in turn. What fails is kept in words, with the time, to be
 * found in logs.
 */
public final class Requests implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 5_000;

  private final InetSocketAddress address;
  private final AtomicLong answered = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Thread longLived;
  private final Thread shortLived;
  private volatile boolean stopped;

  public Requests(String address, int port) {
    this.address = new InetSocketAddress(address, port);
    longLived = start("requests-long", () -> converse(Long.MAX_VALUE));
    shortLived = start("requests-short", () -> converse(1));
  }

  /** Requests that were answered, with what was asked. */
  public long answered() {
    return answered.get();
  }

  /** What went wrong; nothing if all is well. */
  public Queue<String> failures() {
    return failures;
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    longLived.join();
    shortLived.join();
  }

  private void converse(long requestsPerConnection) {
    while (!stopped) {
      long asked = 0;
      try (Socket socket = new Socket()) {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address, TIMEOUT_MILLIS);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        for (; asked < requestsPerConnection && !stopped; asked++) {
          byte[] request = ByteBuffer.allocate(64).putLong(asked).putLong(System.nanoTime()).array();
          socket.getOutputStream().write(request);
          byte[] answer = new byte[request.length];
          in.readFully(answer);
          if (!Arrays.equals(request, answer)) {
            failures.add("a wrong answer to request " + asked);
          }
          answered.incrementAndGet();
          LockSupport.parkNanos(1_000_000);
        }
      } catch (IOException e) {
        failures.add(Instant.now() + " " + Thread.currentThread().getName() + " after " + asked + " answers: " + e);
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
