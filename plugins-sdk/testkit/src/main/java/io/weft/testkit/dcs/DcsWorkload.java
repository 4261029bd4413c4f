package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.WriteResult;
import io.weft.testkit.history.Operation;
import io.weft.testkit.history.Wgl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Clients that read, write and compare-and-set a few keys as fast as they can, while something breaks; and what they saw. Each
 * value is written once. What nobody knows the outcome of stays open to the end of the history.
 */
public final class DcsWorkload {

  private static final int KEYS = 5;
  private static final Duration PACE = Duration.ofMillis(3); // keeps histories of fast stores short enough to be checked
  private static final Duration STOP_MAX = Dcs.CALL_MAX.plusSeconds(20);

  private final String prefix;
  private final List<DcsRig.Client> clients;
  private final ConcurrentLinkedQueue<Operation> history = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger values = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private volatile boolean running = true;

  public DcsWorkload(String prefix, List<DcsRig.Client> clients) {
    this.prefix = prefix;
    this.clients = List.copyOf(clients);
  }

  /** Works for that long, while {@code nemesis} breaks things on the caller's thread. */
  public void run(Duration time, Consumer<DcsWorkload> nemesis) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      Random random = new Random(i);
      Dcs dcs = clients.get(i).dcs();
      Thread thread = new Thread(() -> work(dcs, random), "client-" + i);
      thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
      threads.add(thread);
    }
    long end = System.nanoTime() + time.toNanos();
    threads.forEach(Thread::start);
    Thread clock = new Thread(() -> {
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      running = false;
    });
    clock.start();
    nemesis.accept(this);
    clock.join();
    clients.forEach(DcsRig.Client::unblock);
    for (Thread thread : threads) {
      thread.join(STOP_MAX.toMillis());
      assertThat(thread.isAlive()).as(thread.getName() + " still waits").isFalse();
    }
  }

  /** Whether the time is not over; for the nemesis. */
  public boolean isRunning() {
    return running;
  }

  /** Waits, as long as it runs; for the nemesis. */
  public void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (running && System.nanoTime() < end) {
      LockSupport.parkNanos(Math.min(20_000_000, Math.max(1, end - System.nanoTime())));
    }
  }

  /** Fails if the history is not linearizable, if a client failed, or if fewer than {@code floor} operations succeeded. */
  public void verify(int floor) {
    assertThat(failures).as("failures of clients").isEmpty();
    List<Operation> all = List.copyOf(history);
    long open = all.stream().filter(Operation::isUnknown).count();
    System.out.println("HISTORY " + all.size() + " operations, " + done.get() + " succeeded, " + open + " of unknown outcome");
    assertThat(done.get()).as("operations that succeeded").isGreaterThanOrEqualTo(floor);
    assertThat(Wgl.firstViolation(all)).as("the key whose history is not linearizable").isEmpty();
  }

  private void work(Dcs dcs, Random random) {
    boolean fresh = dcs.capabilities().linearizableReads();
    while (running) {
      pause(PACE);
      String key = prefix + random.nextInt(KEYS);
      switch (random.nextInt(4)) {
        case 0 -> put(dcs, key);
        case 1 -> {
          if (fresh) {
            read(dcs, key, ReadMode.LINEARIZABLE);
          }
        }
        default -> compareAndSet(dcs, key, fresh ? ReadMode.LINEARIZABLE : ReadMode.STALE);
      }
    }
  }

  private void put(Dcs dcs, String key) {
    int value = values.incrementAndGet();
    long called = System.nanoTime();
    WriteResult result = write(dcs, key, value, Expect.any());
    if (result.isDone()) {
      done.incrementAndGet();
      history.add(Operation.put(key, value, called, System.nanoTime()));
    } else if (result instanceof WriteResult.Indeterminate) {
      history.add(Operation.put(key, value, called, Operation.NEVER));
    } else {
      assertThat(result).isInstanceOf(WriteResult.Refused.class);
    }
  }

  private Optional<Entry> read(Dcs dcs, String key, ReadMode mode) {
    long called = System.nanoTime();
    Optional<Entry> entry;
    try {
      entry = within(dcs.get(key, mode));
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(DcsUnavailable.class);
      pause(Duration.ofMillis(20));
      return Optional.empty();
    }
    if (mode == ReadMode.LINEARIZABLE) {
      done.incrementAndGet();
      history.add(Operation.get(key, entry.map(DcsWorkload::value).orElse(null), called, System.nanoTime()));
    }
    return entry;
  }

  /** Revisions stand for the values that they wrote, since each value is written once. */
  private void compareAndSet(Dcs dcs, String key, ReadMode mode) {
    Optional<Entry> seen = read(dcs, key, mode);
    int value = values.incrementAndGet();
    Integer from = seen.map(DcsWorkload::value).orElse(null);
    long called = System.nanoTime();
    WriteResult result = write(dcs, key, value, seen.map(e -> Expect.revision(e.revision())).orElse(Expect.absent()));
    if (result.isDone()) {
      done.incrementAndGet();
      history.add(Operation.cas(key, from, value, true, called, System.nanoTime()));
    } else if (result instanceof WriteResult.Conflict) {
      history.add(Operation.cas(key, from, value, false, called, System.nanoTime()));
    } else if (result instanceof WriteResult.Indeterminate) {
      history.add(Operation.cas(key, from, value, false, called, Operation.NEVER));
    } else {
      assertThat(result).isInstanceOf(WriteResult.Refused.class);
    }
  }

  private WriteResult write(Dcs dcs, String key, int value, Expect expect) {
    WriteResult result = within(dcs.put(key, Integer.toString(value).getBytes(StandardCharsets.UTF_8), expect, null));
    if (result instanceof WriteResult.Refused) {
      pause(Duration.ofMillis(20));
    }
    return result;
  }

  private static <T> T within(java.util.concurrent.CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(Dcs.CALL_MAX.plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private static Integer value(Entry entry) {
    return Integer.valueOf(entry.text());
  }
}
