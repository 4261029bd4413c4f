package io.weft.dcs.consul;

import io.weft.dcs.WriteResult;
import io.weft.support.Causes;
import io.weft.support.dcs.DcsReads;
import io.weft.support.http.HttpFailure;
import io.weft.support.http.HttpReply;
import io.weft.support.http.HttpServers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Calls to Consul, with the token, and what their failures mean. */
final class ConsulApi {

  /** Where the token comes from; may block. Empty for none. */
  interface Token {
    String get() throws IOException;
  }

  private static final byte[] NOTHING = new byte[0];

  private final HttpServers servers;
  private final Token token;
  private final Executor executor;
  private final Duration timeout;

  ConsulApi(HttpServers servers, Token token, Executor executor, Duration timeout) {
    this.servers = servers;
    this.token = token;
    this.executor = executor;
    this.timeout = timeout;
  }

  CompletableFuture<HttpReply> get(String path) {
    return get(path, timeout);
  }

  CompletableFuture<HttpReply> get(String path, Duration within) {
    return headers().thenCompose(headers -> servers.send("GET", path, NOTHING, headers, within));
  }

  CompletableFuture<HttpReply> put(String path, byte[] body) {
    return headers().thenCompose(headers -> servers.send("PUT", path, body, headers, timeout));
  }

  private CompletableFuture<Map<String, String>> headers() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        String secret = token.get();
        return secret.isEmpty() ? Map.<String, String>of() : Map.of("X-Consul-Token", secret);
      } catch (IOException e) {
        throw new CompletionException(e);
      }
    }, executor);
  }

  /** The index that an answer is of. */
  static long index(HttpReply reply) {
    return Math.max(1, reply.headers().firstValueAsLong("X-Consul-Index").orElse(1));
  }

  static IOException refusal(HttpReply reply) {
    return new IOException("status " + reply.status() + ": " + reply.excerpt());
  }

  static <T> CompletionStage<T> read(CompletableFuture<T> call) {
    return DcsReads.orUnavailable(call, cause -> "consul: " + Causes.text(cause));
  }

  static WriteResult failed(Throwable failure) {
    Throwable cause = Causes.of(failure);
    String reason = "consul: " + Causes.text(cause);
    boolean nothing = cause instanceof HttpFailure http && !http.maybeSent();
    return nothing ? new WriteResult.Refused(reason) : new WriteResult.Indeterminate(reason);
  }
}
