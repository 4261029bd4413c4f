package io.weft.signaling.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each request on a new connection with the next of some texts, and the last for ever. */
final class RawBroker implements AutoCloseable {

  private final ServerSocket server;
  private final AtomicInteger requests = new AtomicInteger();

  RawBroker(String... answers) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(() -> serve(answers), "raw-broker");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(String[] answers) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        client.getInputStream().read(new byte[8_192]); // the request is small and comes in one piece
        String answer = answers[Math.min(requests.getAndIncrement(), answers.length - 1)];
        client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        client.shutdownOutput();
        client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
      } catch (IOException e) {
        continue; // the client went, which is its right
      }
    }
  }

  int requests() {
    return requests.get();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
