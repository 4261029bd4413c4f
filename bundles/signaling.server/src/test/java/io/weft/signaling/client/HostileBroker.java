package io.weft.signaling.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A broker that takes everything and answers polls with whatever a test likes. */
final class HostileBroker implements AutoCloseable {

  final List<Envelope> taken = new CopyOnWriteArrayList<>();
  final List<String> proofs = new CopyOnWriteArrayList<>();
  final AtomicInteger polls = new AtomicInteger();
  volatile Supplier<String> answer = () -> "[]";
  volatile int status = 204;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  HostileBroker() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/publish", exchange -> {
      taken.add(EnvelopeJson.read(exchange.getRequestBody().readAllBytes()));
      reply(exchange, status, "");
    });
    server.createContext("/poll", exchange -> {
      polls.incrementAndGet();
      reply(exchange, 200, answer.get());
    });
    server.start();
  }

  private void reply(HttpExchange exchange, int code, String body) throws IOException {
    proofs.add(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  static String list(List<Envelope> envelopes) {
    return "[" + String.join(",", envelopes.stream().map(EnvelopeJson::write).toList()) + "]";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
