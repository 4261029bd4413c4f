package io.weft.dcs.nats;

import io.nats.client.JetStreamApiException;
import io.weft.dcs.WriteResult;
import io.weft.support.Causes;
import io.weft.support.dcs.DcsReads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs what blocks, and says what a failure means. */
final class NatsWork {

  /** Something that asks the server. */
  interface Task<T> {
    T run() throws IOException, JetStreamApiException;
  }

  private static final int STORE_FAILED = 10_077;

  private final Executor executor;

  NatsWork(Executor executor) {
    this.executor = executor;
  }

  <T> CompletableFuture<T> run(Task<T> task) {
    try {
      return CompletableFuture.supplyAsync(() -> {
        try {
          return task.run();
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
          throw new CompletionException(e);
        }
      }, executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new NatsLine.NotConnected("too much waits for the server already, or this client "
          + "is closed"));
    }
  }

  <T> CompletionStage<T> read(Task<T> task) {
    return unavailable(run(task));
  }

  static <T> CompletionStage<T> unavailable(CompletableFuture<T> stage) {
    return DcsReads.orUnavailable(stage, cause -> "nats: " + message(cause));
  }

  CompletionStage<WriteResult> write(Task<WriteResult> task) {
    return run(task).exceptionally(NatsWork::failed).minimalCompletionStage();
  }

  /** The server's no is a no, but for a failure to store. Without a connection the client library sends nothing. */
  private static WriteResult failed(Throwable failure) {
    Throwable cause = Causes.of(failure);
    boolean nothing = cause instanceof NatsLine.NotConnected
        || cause instanceof IllegalStateException
        || cause instanceof JetStreamApiException e && e.getApiErrorCode() != STORE_FAILED;
    String reason = "nats: " + message(cause);
    return nothing ? new WriteResult.Refused(reason) : new WriteResult.Indeterminate(reason);
  }

  private static String message(Throwable cause) {
    return Causes.text(cause).replaceAll("\\s+", " ");
  }
}
