package io.weft.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A way to a PostgreSQL on loopback on which a COMMIT gets lost, or the answer to one. Clients say {@code prepareThreshold=0} in their
 * URL, so that each COMMIT goes by in plain words.
 */
public final class AnswerThief implements AutoCloseable {

  /** What is lost. */
  public enum Takes {
    NOTHING,
    /** The server commits, and nobody hears of it. */
    THE_ANSWER,
    /** The server never hears of it: its side of the connection stays open. */
    THE_COMMIT,
    /** The server never hears of it: both sides see the connection end. */
    THE_CONNECTION
  }

  private final ServerSocket listener;
  private final int target;
  private final Supplier<Takes> takes;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong taken = new AtomicLong();

  /**
   * Listens.
   *
   * @param target port of the server
   * @param takes asked for each COMMIT that goes by, by any thread
   */
  public AnswerThief(int target, Supplier<Takes> takes) {
    this.target = target;
    this.takes = takes;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(() -> {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        start(() -> serve(client));
      }
    });
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** How much was lost so far. */
  public long taken() {
    return taken.get();
  }

  private void serve(Socket client) throws IOException {
    Socket server = connect(client);
    sockets.add(server);
    server.setTcpNoDelay(true);
    client.setTcpNoDelay(true);
    start(() -> answers(server, client));
    InputStream in = client.getInputStream();
    OutputStream out = server.getOutputStream();
    byte[] buffer = new byte[8_192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      boolean commit = new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT");
      Takes what = commit ? takes.get() : Takes.NOTHING;
      if (what == Takes.THE_COMMIT || what == Takes.THE_CONNECTION) {
        taken.incrementAndGet();
        client.close();
        if (what == Takes.THE_CONNECTION) {
          server.close();
        }
        return;
      }
      if (what == Takes.THE_ANSWER) {
        sockets.remove(client); // the thread that carries answers sees that, and carries none
      }
      out.write(buffer, 0, n);
    }
    server.close();
    sockets.remove(server);
  }

  /** Where there is no server right now, whoever came hears of it. */
  private Socket connect(Socket client) throws IOException {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  private void answers(Socket server, Socket client) throws IOException {
    try (client) {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[8_192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!sockets.contains(client)) {
          taken.incrementAndGet();
          server.close(); // it has answered, so it has committed
          return;
        }
        out.write(buffer, 0, n);
      }
    } finally {
      sockets.remove(client);
    }
  }

  /** Something that ends with its sockets. */
  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread = new Thread(() -> {
      try {
        task.run();
      } catch (IOException e) {
        Thread.currentThread().interrupt(); // closed: nothing is left to do
      }
    }, "answer-thief");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
