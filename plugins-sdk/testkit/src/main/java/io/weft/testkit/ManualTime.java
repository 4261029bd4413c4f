package io.weft.testkit;

import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/** A clock and timers that move only when a test says so. Thread-safe. */
public final class ManualTime implements Clock, Timers {

  private record Entry(long due, long order, Executor executor, Runnable task) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::order));
  private final Instant origin;
  private Duration jumped = Duration.ZERO;
  private long nanos;
  private long order;

  public ManualTime() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  public ManualTime(Instant origin) {
    this.origin = origin;
  }

  @Override
  public synchronized Instant now() {
    return origin.plusNanos(nanos).plus(jumped);
  }

  /** Sets the wall clock forward, or back. No time passes, so nothing becomes due. */
  public synchronized void jump(Duration by) {
    jumped = jumped.plus(by);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized Registration after(Duration delay, Executor executor, Runnable task) {
    Entry entry = new Entry(nanos + Math.max(0, delay.toNanos()), order++, executor, task);
    entries.add(entry);
    return () -> {
      synchronized (this) {
        entries.remove(entry);
      }
    };
  }

  /** Moves time forward, running what becomes due at its own moment, in order; also what that adds, if it is due by then. */
  public void advance(Duration by) {
    long end;
    synchronized (this) {
      end = nanos + by.toNanos();
    }
    while (true) {
      Entry entry;
      synchronized (this) {
        entry = entries.peek();
        if (entry == null || entry.due > end) {
          nanos = end;
          return;
        }
        entries.remove();
        nanos = Math.max(nanos, entry.due);
      }
      entry.executor.execute(entry.task);
    }
  }

  /** How long until the next timer is due; empty if none is set. */
  public synchronized Optional<Duration> untilNext() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, entries.peek().due - nanos)));
  }

  /** How many timers are set: 0 after everything was closed, or something leaks. */
  public synchronized int pending() {
    return entries.size();
  }
}
