package org.example.lowbalance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Who is told: remembers the notices, and can leave them without an answer. */
final class Receiver implements AutoCloseable {

  static final String THREADS = "receiver";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, THREADS));
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  volatile boolean hang;
  volatile int status = 200;

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::called);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/low";
  }

  /** What was said in each call. */
  List<String> notices() {
    return notices;
  }

  private void called(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (hang) {
        over.await();
        return;
      }
      notices.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
      byte[] said = "heard".getBytes(StandardCharsets.UTF_8); // without a body the server of the JDK now and then resets the connection
      exchange.sendResponseHeaders(status, said.length);
      exchange.getResponseBody().write(said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
