package io.weft.dcs.etcd;

import io.weft.dcs.WriteResult;
import io.weft.support.Causes;
import io.weft.support.Json;
import io.weft.support.dcs.DcsReads;
import io.weft.support.http.HttpFailure;
import io.weft.support.http.HttpServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls to the gateway: signs in when asked to, and turns what comes back into an answer or one kind of failure. */
final class EtcdApi {

  /** Where the password comes from. May block. */
  interface Password {
    String get() throws Exception;
  }

  private final HttpServers servers;
  private final String user;
  private final Password password;
  private final Executor executor;
  private volatile @Nullable CompletableFuture<String> token;

  /** @param user empty if nobody signs in */
  EtcdApi(HttpServers servers, String user, Password password, Executor executor) {
    this.servers = servers;
    this.user = user;
    this.password = password;
    this.executor = executor;
  }

  boolean signsIn() {
    return !user.isEmpty();
  }

  /** The answer as an object. Fails with {@link EtcdError}, {@link HttpFailure} or {@link IllegalArgumentException}. */
  CompletableFuture<Map<?, ?>> call(String path, Object body) {
    return call(path, body, false);
  }

  private CompletableFuture<Map<?, ?>> call(String path, Object body, boolean again) {
    byte[] bytes = Json.compact(body).getBytes(StandardCharsets.UTF_8);
    return headers().thenCompose(headers -> servers.send("POST", path, bytes, headers)).thenCompose(reply -> {
      if (reply.isOk()) {
        return CompletableFuture.completedFuture(EtcdJson.object(reply.text()));
      }
      EtcdError error = EtcdError.of(reply);
      if (error.code() == EtcdError.UNAUTHENTICATED && signsIn() && !again) {
        token = null; // it was refused before anything happened, so once more is safe
        return call(path, body, true);
      }
      return CompletableFuture.failedFuture(error);
    });
  }

  /** A stream of messages; see {@link HttpServers#lines}. */
  CompletableFuture<@Nullable Void> stream(String path, Object body, Consumer<String> lines) {
    byte[] bytes = Json.compact(body).getBytes(StandardCharsets.UTF_8);
    CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    headers().whenComplete((headers, failure) -> {
      if (failure != null) {
        result.completeExceptionally(failure);
        return;
      }
      CompletableFuture<@Nullable Void> stream = servers.lines(path, bytes, headers, lines);
      result.whenComplete((v, e) -> stream.cancel(true));
      stream.whenComplete((v, e) -> {
        if (e == null) {
          result.complete(null);
        } else {
          result.completeExceptionally(e);
        }
      });
    });
    return result;
  }

  private CompletableFuture<Map<String, String>> headers() {
    if (!signsIn()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    CompletableFuture<String> known = token;
    if (known == null || known.isCompletedExceptionally()) {
      known = signIn();
      token = known;
    }
    return known.thenApply(t -> Map.of("Authorization", t));
  }

  private CompletableFuture<String> signIn() {
    return CompletableFuture.supplyAsync(this::credentials, executor)
        .thenCompose(body -> servers.send("POST", "/v3/auth/authenticate", body, Map.of()))
        .thenApply(reply -> {
          if (!reply.isOk()) {
            throw new CompletionException(EtcdError.of(reply));
          }
          return EtcdJson.text(EtcdJson.object(reply.text()), "token");
        });
  }

  private byte[] credentials() {
    try {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("name", user);
      body.put("password", password.get());
      return Json.compact(body).getBytes(StandardCharsets.UTF_8);
    } catch (Exception e) {
      throw new CompletionException(new IOException("no password for user " + user + ": " + e.getMessage(), e));
    }
  }

  /** A read: any failure means that nothing is known. */
  static <T> CompletionStage<T> read(CompletableFuture<T> call) {
    return DcsReads.orUnavailable(call, cause -> "etcd: " + Causes.text(cause));
  }

  /** What a write that failed has come to. */
  static WriteResult failed(Throwable failure) {
    Throwable cause = Causes.of(failure);
    String reason = "etcd: " + Causes.text(cause);
    if (cause instanceof EtcdError error) {
      if (error.code() == EtcdError.NOT_FOUND && String.valueOf(error.getMessage()).contains("lease")) {
        return new WriteResult.SessionLost();
      }
      return error.nothingHappened() ? new WriteResult.Refused(reason) : new WriteResult.Indeterminate(reason);
    }
    boolean maybe = !(cause instanceof HttpFailure http) || http.maybeSent();
    return maybe ? new WriteResult.Indeterminate(reason) : new WriteResult.Refused(reason);
  }
}
