package io.weft.testkit.fabric;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A result of which the fabric knows when somebody waits for it. */
final class WatchedFuture<T> extends CompletableFuture<T> {

  private final Handlers handlers;

  WatchedFuture(Handlers handlers) {
    this.handlers = handlers;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return handlers.await(copy());
  }
}
