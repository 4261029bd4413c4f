package io.weft.shell.store;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.WriteResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A DCS as a whole. Methods block. */
final class Store {

  /** Writes on their way at once: enough to hide the way there, few enough for any backend. */
  private static final int IN_FLIGHT = 16;
  private static final int READ_AGAIN_MAX = 25;
  private static final long READ_AGAIN_MS = 200;
  private static final long WAIT_SECONDS = Dcs.CALL_MAX.toSeconds() * 3;

  private final Dcs dcs;
  private final Progress progress;
  private final Pause pause;

  Store(Dcs dcs, Progress progress, Pause pause) {
    this.dcs = dcs;
    this.progress = progress;
    this.pause = pause;
  }

  Dcs dcs() {
    return dcs;
  }

  String backend() {
    return dcs.backend();
  }

  Contents read() throws DcsUnavailable, InterruptedException {
    return Contents.of(await(dcs.list("", freshest())));
  }

  /** Reads until the keys that stay have that digest, which may take a moment where reads may be old. */
  boolean holds(String digest) throws DcsUnavailable, InterruptedException {
    for (int i = 0; i < READ_AGAIN_MAX; i++) {
      if (Encoding.digest(read().values()).equals(digest)) {
        return true;
      }
      if (dcs.capabilities().linearizableReads()) {
        return false;
      }
      pause.millis(READ_AGAIN_MS);
    }
    return false;
  }

  ReadMode freshest() {
    return dcs.capabilities().linearizableReads() ? ReadMode.LINEARIZABLE : ReadMode.STALE;
  }

  /** Takes all steps, some at once. Stops at the first that was not done. */
  void take(List<Step> steps) throws DcsUnavailable, InterruptedException {
    each(steps.size(), i -> steps.get(i).take(dcs), i -> steps.get(i).key());
  }

  /**
   * Writes one note again and again until the revision of the store, and with it every later fencing token, is larger than
   * {@code revision}.
   */
  void raise(long revision) throws DcsUnavailable, InterruptedException {
    String key = Contents.MOVING + "revision";
    byte[] value = Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
    for (long now = read().revision(); now <= revision; now = read().revision()) {
      each(Math.toIntExact(revision + 1 - now), i -> dcs.put(key, value, Expect.any(), null), i -> key);
    }
    await(dcs.delete(key, Expect.any())).orThrow();
  }

  private void each(int count, Function<Integer, CompletionStage<WriteResult>> write, Function<Integer, String> name)
      throws DcsUnavailable, InterruptedException {
    Semaphore free = new Semaphore(IN_FLIGHT);
    AtomicReference<String> problem = new AtomicReference<>();
    AtomicInteger done = new AtomicInteger();
    try {
      for (int i = 0; i < count && problem.get() == null; i++) {
        free.acquire();
        progress.at(done.get(), count);
        String key = name.apply(i);
        write.apply(i).whenComplete((result, failure) -> {
          if (failure == null && result.isDone()) {
            done.incrementAndGet();
          } else {
            problem.compareAndSet(null, key + ": " + (failure == null ? inWords(result) : String.valueOf(failure)));
          }
          free.release();
        });
      }
    } finally {
      if (!free.tryAcquire(IN_FLIGHT, WAIT_SECONDS, TimeUnit.SECONDS)) { // what is on its way ends by itself
        problem.compareAndSet(null, "no answer in time");
      }
    }
    if (problem.get() != null) {
      throw new DcsUnavailable("stopped after " + done.get() + " of " + count + " writes: " + problem.get());
    }
  }

  private static String inWords(WriteResult result) {
    if (result instanceof WriteResult.Conflict) {
      return "somebody else wrote it meanwhile";
    }
    if (result instanceof WriteResult.Refused refused) {
      return "refused: " + refused.reason();
    }
    if (result instanceof WriteResult.Indeterminate unknown) {
      return "it is not known whether it was written: " + unknown.reason();
    }
    return String.valueOf(result);
  }

  static <T> T await(CompletionStage<T> stage) throws DcsUnavailable, InterruptedException {
    try {
      return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new DcsUnavailable("no answer after " + WAIT_SECONDS + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DcsUnavailable unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
