package io.weft.node.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Registration;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadTimersTest {

  private final ThreadTimers timers = new ThreadTimers();

  @AfterEach
  void close() {
    timers.close();
    Await.until("the thread to end", Duration.ofSeconds(5), () -> !running());
  }

  @Test
  void runsOnceAndNotBeforeItIsDue() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    long from = System.nanoTime();

    timers.after(Duration.ofMillis(20), Runnable::run, ran::countDown);

    assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(System.nanoTime() - from).isGreaterThanOrEqualTo(20_000_000);
    assertThat(running()).isTrue();
  }

  @Test
  void whatWasClosedDoesNotRun() throws Exception {
    AtomicInteger count = new AtomicInteger();
    Registration first = timers.after(Duration.ofMillis(5), Runnable::run, count::incrementAndGet);
    first.close();
    first.close();
    CountDownLatch later = new CountDownLatch(1);
    timers.after(Duration.ofMillis(20), Runnable::run, later::countDown);

    assertThat(later.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(count).hasValue(0);
  }

  @Test
  void aTaskThatThrowsAndAnExecutorThatRejectsChangeNothing() throws Exception {
    timers.after(Duration.ZERO, Runnable::run, () -> {
      throw new IllegalStateException("oops");
    });
    timers.after(Duration.ZERO, task -> {
      throw new RejectedExecutionException("full");
    }, () -> {});
    CountDownLatch later = new CountDownLatch(1);
    timers.after(Duration.ofMillis(5), Runnable::run, later::countDown);

    assertThat(later.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void takesAnyDuration() {
    timers.after(Duration.ofSeconds(Long.MAX_VALUE), Runnable::run, () -> {}).close();
    timers.after(Duration.ofSeconds(-1), Runnable::run, () -> {}).close();
  }

  private static boolean running() {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("weft-node-timer-1"));
  }
}
