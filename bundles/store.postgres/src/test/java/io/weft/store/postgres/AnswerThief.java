package io.weft.store.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server that can be told to lose one COMMIT, or the answer to one. */
final class AnswerThief implements AutoCloseable {

  /** What is lost next. */
  enum Takes {
    NOTHING,
    /** The server commits, and nobody hears of it. */
    THE_ANSWER,
    /** The server never hears of it: its side of the connection stays open. */
    THE_COMMIT
  }

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Takes takes = Takes.NOTHING;

  AnswerThief(int target) throws IOException {
    this.target = target;
    start(() -> {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        start(() -> serve(client));
      }
    });
  }

  int port() {
    return listener.getLocalPort();
  }

  void takes(Takes next) {
    takes = next;
  }

  private void serve(Socket client) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    sockets.add(server);
    start(() -> answers(server, client));
    InputStream in = client.getInputStream();
    OutputStream out = server.getOutputStream();
    byte[] buffer = new byte[8_192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      boolean commit = new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT");
      Takes taken = commit ? takes : Takes.NOTHING;
      if (taken == Takes.THE_COMMIT) {
        takes = Takes.NOTHING;
        client.close();
        return;
      }
      if (taken == Takes.THE_ANSWER) {
        sockets.remove(client); // the thread that carries answers sees that, and carries none
      }
      out.write(buffer, 0, n);
    }
    server.close();
  }

  private void answers(Socket server, Socket client) throws IOException {
    InputStream in = server.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] buffer = new byte[8_192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (!sockets.contains(client)) {
        takes = Takes.NOTHING;
        client.close(); // the server has answered, so it has committed
        server.close();
        return;
      }
      out.write(buffer, 0, n);
    }
    client.close();
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
    });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
