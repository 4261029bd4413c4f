package io.weft.support.http;

import io.weft.support.Causes;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A few servers that are as good as each other. Asks the one that answered last; a request that surely reached none goes to the
 * next one, any other is sent once. Failures are {@link HttpFailure}.
 */
public final class HttpServers {

  private static final int BODY_MAX = 64 * 1024 * 1024;
  private static final int LINE_MAX = 16 * 1024 * 1024;

  private final HttpClient client;
  private final List<URI> servers;
  private final Duration timeout;
  private final AtomicInteger preferred = new AtomicInteger();

  /**
   * @param servers such as {@code http://127.0.0.1:2379}; at least one
   * @param timeout of a request and its answer, unless said otherwise
   */
  public HttpServers(List<URI> servers, Duration timeout, @Nullable SSLContext tls, Executor executor) {
    this.servers = List.copyOf(servers);
    this.timeout = timeout;
    HttpClient.Builder builder = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .executor(executor)
        .connectTimeout(timeout.dividedBy(2))
        .followRedirects(HttpClient.Redirect.NEVER);
    if (tls != null) {
      builder.sslContext(tls);
    }
    this.client = builder.build();
  }

  /** One request. Cancelling the future aborts it. */
  public CompletableFuture<HttpReply> send(String method, String path, byte[] body, Map<String, String> headers) {
    return send(method, path, body, headers, timeout);
  }

  public CompletableFuture<HttpReply> send(String method, String path, byte[] body, Map<String, String> headers,
      Duration within) {
    return attempt(0, at -> {
      HttpRequest request = request(at, method, path, body, headers, within);
      CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, info -> new BoundedBody(BODY_MAX));
      CompletableFuture<HttpReply> reply = sent
          .thenApply(r -> new HttpReply(r.statusCode(), r.headers(), r.body()))
          .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
      reply.whenComplete((r, failure) -> {
        if (failure != null) {
          sent.cancel(true); // frees the connection
        }
      });
      return reply;
    });
  }

  /**
   * A request whose answer goes on and on, line by line, on a thread of the executor, one at a time. Completes when it ends,
   * exceptionally if that was not in good order or the status is not 2xx. Cancelling the future aborts it.
   */
  public CompletableFuture<@Nullable Void> lines(String path, byte[] body, Map<String, String> headers, Consumer<String> lines) {
    return attempt(0, at -> {
      HttpRequest request = request(at, "POST", path, body, headers, timeout);
      CompletableFuture<HttpResponse<@Nullable Void>> sent = client.sendAsync(request, info -> new LineBody(lines, LINE_MAX));
      CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
      sent.whenComplete((response, failure) -> {
        if (failure != null) {
          ended.completeExceptionally(failure);
        } else if (response.statusCode() / 100 != 2) {
          ended.completeExceptionally(new java.io.IOException("status " + response.statusCode()));
        } else {
          ended.complete(null);
        }
      });
      ended.whenComplete((done, failure) -> {
        if (ended.isCancelled()) {
          sent.cancel(true);
        }
      });
      return ended;
    });
  }

  private interface Attempt<T> {
    CompletableFuture<T> at(URI server);
  }

  private <T> CompletableFuture<T> attempt(int failed, Attempt<T> attempt) {
    int at = Math.floorMod(preferred.get(), servers.size());
    CompletableFuture<T> tried = attempt.at(servers.get(at));
    CompletableFuture<T> result = new CompletableFuture<>();
    tried.whenComplete((value, failure) -> {
      if (failure == null) {
        result.complete(value);
        return;
      }
      Throwable cause = Causes.of(failure);
      preferred.compareAndSet(at, at + 1 == servers.size() ? 0 : at + 1);
      boolean sent = !surelyNotSent(cause);
      if (!sent && failed + 1 < servers.size() && !result.isDone()) {
        attempt(failed + 1, attempt).whenComplete((v, e) -> {
          if (e == null) {
            result.complete(v);
          } else {
            result.completeExceptionally(e);
          }
        });
      } else {
        result.completeExceptionally(new HttpFailure(sent, servers.get(at).getAuthority() + ": " + inWords(cause), cause));
      }
    });
    result.whenComplete((value, failure) -> {
      if (result.isCancelled()) {
        tried.cancel(true);
      }
    });
    return result;
  }

  private static HttpRequest request(
      URI server, String method, String path, byte[] body, Map<String, String> headers, Duration within) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(server.resolve(path)).timeout(within);
    headers.forEach(builder::header);
    return builder
        .method(method, body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private static boolean surelyNotSent(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof HttpConnectTimeoutException
        || cause instanceof UnresolvedAddressException
        || cause instanceof javax.net.ssl.SSLHandshakeException;
  }

  private static String inWords(Throwable cause) {
    if (cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException) {
      return "no answer in time";
    }
    Optional<String> tls = TlsProblem.inWords(cause);
    if (tls.isPresent()) {
      return tls.get();
    }
    String message = cause.getMessage();
    return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message.replaceAll("\\p{Cntrl}", " ");
  }
}
