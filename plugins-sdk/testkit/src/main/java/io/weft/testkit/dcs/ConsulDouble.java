package io.weft.testkit.dcs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Behaves as Consul does where a DCS uses it, by its manual and by what was recorded of it: keys, transactions, sessions,
 * blocking queries, lock delay. One process, in memory: not Consul, and a test that used it says so.
 */
public final class ConsulDouble implements AutoCloseable {

  private static final long WAIT_MAX_SECONDS = 60;

  private final ConsulState state = new ConsulState();
  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "consul-double");
    thread.setDaemon(true);
    return thread;
  });

  public ConsulDouble() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/kv/", this::keys);
    server.createContext("/v1/txn", this::transaction);
    server.createContext("/v1/session/", this::session);
    server.createContext("/v1/status/leader", e -> answer(e, 200, "\"127.0.0.1:8300\""));
    server.createContext("/v1/status/peers", e -> answer(e, 200, "[\"127.0.0.1:8300\"]"));
    server.setExecutor(executor);
    server.start();
  }

  /** On loopback. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void keys(HttpExchange exchange) throws IOException {
    String key = exchange.getRequestURI().getPath().substring("/v1/kv/".length());
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    boolean below = query.contains("recurse");
    long after = parameter(query, "index");
    long wait = Math.min(WAIT_MAX_SECONDS, parameter(query, "wait"));
    ConsulState.Listing listing = state.list(key, below, after, TimeUnit.SECONDS.toNanos(wait));
    exchange.getResponseHeaders().set("X-Consul-Index", Long.toString(listing.index()));
    answer(exchange, listing.keys().isEmpty() ? 404 : 200, listing.keys().isEmpty() ? "" : Json.compact(listing.keys()));
  }

  private void transaction(HttpExchange exchange) throws IOException {
    if (!(JsonReader.read(body(exchange)) instanceof List<?> operations) || operations.size() > 64) {
      answer(exchange, 413, "Transaction contains too many operations");
      return;
    }
    ConsulState.Outcome outcome = state.transact(operations);
    answer(exchange, outcome.error() == null ? 200 : 409, Json.compact(outcome.body()));
  }

  private void session(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/");
    switch (path[3]) {
      case "create" -> {
        Map<?, ?> asked = (Map<?, ?>) JsonReader.read(body(exchange));
        long seconds = Long.parseLong(String.valueOf(asked.get("TTL")).replace("s", ""));
        if (seconds < 10) {
          answer(exchange, 500, "Invalid Session TTL '" + seconds + "', must be between [10s=24h0m0s]");
          return;
        }
        long delay = Long.parseLong(String.valueOf(asked.get("LockDelay")).replace("ms", ""));
        answer(exchange, 200, Json.compact(Map.of("ID", state.createSession(seconds, delay))));
      }
      case "renew" -> {
        boolean renewed = state.renew(path[4]);
        answer(exchange, renewed ? 200 : 404, renewed ? "[{\"ID\":\"" + path[4] + "\"}]" : "Session id '" + path[4]
            + "' not found");
      }
      case "destroy" -> {
        state.destroy(path[4]);
        answer(exchange, 200, "true");
      }
      default -> answer(exchange, 404, "");
    }
  }

  private static long parameter(String query, String name) {
    for (String part : query.split("&")) {
      if (part.startsWith(name + "=")) {
        return Long.parseLong(part.substring(name.length() + 1).replace("s", ""));
      }
    }
    return 0;
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }
}
