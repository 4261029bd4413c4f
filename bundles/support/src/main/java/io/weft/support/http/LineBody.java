package io.weft.support.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands on a body line by line as it comes; lines have at most so many bytes. The result completes when the body ends. */
final class LineBody implements BodySubscriber<@Nullable Void> {

  private final CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Consumer<String> lines;
  private final int most;
  private Flow.Subscription subscription;

  LineBody(Consumer<String> lines, int most) {
    this.lines = lines;
    this.most = most;
  }

  @Override
  public CompletionStage<@Nullable Void> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      while (buffer.hasRemaining()) {
        byte b = buffer.get();
        if (b == '\n') {
          lines.accept(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else if (line.size() == most) {
          subscription.cancel();
          result.completeExceptionally(new IOException("a line of more than " + most + " bytes"));
          return;
        } else {
          line.write(b);
        }
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    result.complete(null);
  }
}
