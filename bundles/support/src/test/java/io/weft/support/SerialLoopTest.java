package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SerialLoopTest {

  private final ArrayDeque<Runnable> borrowed = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();

  private SerialLoop loop(int queueMax) {
    return new SerialLoop("test", borrowed::add, queueMax);
  }

  @Test
  void runsTasksInOrderAndAsksForOneRun() {
    SerialLoop loop = loop(10);
    loop.execute(() -> ran.add("a"));
    loop.execute(() -> {
      ran.add("b");
      loop.execute(() -> ran.add("d"));
    });
    loop.execute(() -> ran.add("c"));
    assertThat(borrowed).hasSize(1);
    borrowed.poll().run();
    assertThat(ran).containsExactly("a", "b", "c", "d");
    assertThat(borrowed).isEmpty();
    loop.execute(() -> ran.add("e"));
    borrowed.poll().run();
    assertThat(ran).endsWith("e");
  }

  @Test
  void knowsWhetherItRunsHere() {
    SerialLoop loop = loop(10);
    loop.execute(() -> ran.add("inside " + loop.isCurrent()));
    assertThat(loop.isCurrent()).isFalse();
    borrowed.poll().run();
    assertThat(ran).containsExactly("inside true");
    assertThat(loop.isCurrent()).isFalse();
  }

  @Test
  void outlivesTasksThatThrow() {
    SerialLoop loop = loop(10);
    loop.execute(() -> {
      throw new IllegalStateException("on purpose");
    });
    loop.execute(() -> {
      throw new NoClassDefFoundError("on purpose");
    });
    loop.execute(() -> ran.add("after"));
    borrowed.poll().run();
    assertThat(ran).containsExactly("after");
    loop.execute(() -> ran.add("later"));
    borrowed.poll().run();
    assertThat(ran).containsExactly("after", "later");
  }

  @Test
  void rejectsWhatIsOverTheBound() {
    SerialLoop loop = loop(2);
    loop.execute(() -> ran.add("a"));
    loop.execute(() -> ran.add("b"));
    assertThatThrownBy(() -> loop.execute(() -> ran.add("c"))).isInstanceOf(RejectedExecutionException.class)
        .hasMessage("loop test has 2 tasks waiting");
    borrowed.poll().run();
    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void worksAgainAfterItsExecutorRefusedOnce() {
    boolean[] refuse = {true};
    SerialLoop loop = new SerialLoop("test", task -> {
      if (refuse[0]) {
        throw new RejectedExecutionException("busy");
      }
      borrowed.add(task);
    }, 10);
    assertThatThrownBy(() -> loop.execute(() -> ran.add("lost"))).isInstanceOf(RejectedExecutionException.class);
    refuse[0] = false;
    loop.execute(() -> ran.add("kept"));
    borrowed.poll().run();
    assertThat(ran).containsExactly("kept");
  }

  @Test
  void dropsEverythingOnceClosed() {
    SerialLoop loop = loop(10);
    loop.execute(() -> ran.add("waiting"));
    loop.close();
    loop.execute(() -> ran.add("late"));
    borrowed.poll().run();
    assertThat(ran).isEmpty();
  }

  @Test
  void neverRunsTwoTasksAtOnceOnManyThreads() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    SerialLoop loop = new SerialLoop("test", threads, 100_000);
    int[] plain = new int[2]; // Not volatile on purpose: what one task wrote the next one sees.
    CountDownLatch done = new CountDownLatch(4 * 5000);
    for (int t = 0; t < 4; t++) {
      threads.execute(() -> {
        for (int i = 0; i < 5000; i++) {
          loop.execute(() -> {
            plain[0]++;
            plain[1] += loop.isCurrent() ? 0 : 1;
            done.countDown();
          });
        }
      });
    }
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(plain).containsExactly(20_000, 0);
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }
}
