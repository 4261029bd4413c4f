package io.weft.support.fence;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A {@link FencedRecord} behind HTTP, for the sample job {@code webhook}: 204 if the call was accepted, 409 if its token is too
 * old, 400 if it is no such call.
 */
public final class FencedEndpoint implements AutoCloseable {

  private static final int HEADER_MAX = 128;
  private static final int ACCEPTED = 204;
  private static final int REFUSED = 409;
  private static final int MALFORMED = 400;

  private final FencedRecord record = new FencedRecord();
  private final Consumer<Attempt> heard;
  private final HttpServer server;
  private final ExecutorService threads;

  /**
   * @param at where it listens; port 0 for any
   * @param heard is told of every attempt, in their order, before it is answered
   */
  public FencedEndpoint(InetSocketAddress at, Consumer<Attempt> heard) throws IOException {
    this.heard = heard;
    // Several: a caller that stops in the middle of its call must not hold up the others.
    threads = Executors.newCachedThreadPool(body -> {
      Thread made = new Thread(body, "weft-support-fence");
      made.setDaemon(true);
      return made;
    });
    server = HttpServer.create(at, 128);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public FencedRecord record() {
    return record;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(decide(exchange), -1);
    }
  }

  private int decide(HttpExchange exchange) {
    try {
      String node = header(exchange, "Weft-Node");
      String job = header(exchange, "Weft-Job");
      Instant period = Instant.parse(header(exchange, "Weft-Period"));
      long token = Long.parseLong(header(exchange, "Weft-Token"));
      long asked = Long.parseLong(header(exchange, "Weft-Asked"));
      synchronized (heard) { // so that attempts are told of in their order
        Attempt attempt = record.attempt(node, job, period, token, asked);
        heard.accept(attempt);
        return attempt.accepted() ? ACCEPTED : REFUSED;
      }
    } catch (IllegalArgumentException | DateTimeParseException e) {
      return MALFORMED;
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    if (value == null || value.length() > HEADER_MAX) {
      throw new IllegalArgumentException(name);
    }
    return value;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
