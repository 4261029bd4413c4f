package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.WriteResult;
import io.weft.node.Registration;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Dcs} does, as stories against a real store wherever there is one. Extend it and say how to get at the store.
 * The stories of keys, watches, sessions and elections are in the classes above this one; here are those in which something
 * breaks.
 */
public abstract class DcsContract extends DcsElectionStories {

  private static final Duration WORK = Duration.ofSeconds(6);

  /** How many operations must succeed in the story of histories; an idle run would prove nothing. */
  protected int floor() {
    return 200;
  }

  @Test
  void historiesAreLinearizable() throws Exception {
    DcsWorkload workload = new DcsWorkload(key("lin/"), List.of(client(), client(), client(), client()));
    workload.run(WORK, w -> {});
    workload.verify(floor());
  }

  @Test
  void historiesAreLinearizableWhileLinesAreCut() throws Exception {
    List<DcsRig.Client> all = List.of(client(), client(), client(), client());
    DcsWorkload workload = new DcsWorkload(key("lin/"), all);
    workload.run(WORK, w -> {
      for (int i = 0; w.isRunning(); i++) {
        DcsRig.Client victim = all.get(i % all.size());
        w.pause(Duration.ofMillis(150));
        victim.block();
        w.pause(Duration.ofMillis(i % 3 == 2 ? 1_500 : 200));
        victim.unblock();
      }
    });
    workload.verify(floor());
  }

  @Test
  void historiesAreLinearizableOverARestart() throws Exception {
    Assumptions.assumeTrue(rig().canRestart(), "this store cannot be restarted by a test");
    DcsWorkload workload = new DcsWorkload(key("lin/"), List.of(client(), client(), client()));
    workload.run(WORK.plusSeconds(4), w -> {
      w.pause(Duration.ofSeconds(2));
      restart();
    });
    workload.verify(floor() / 2);
  }

  @Test
  void whatWasConfirmedIsThereAfterARestart() throws Exception {
    Assumptions.assumeTrue(rig().canRestart(), "this store cannot be restarted by a test");
    Dcs dcs = dcs();
    Told told = new Told();
    Map<String, String> confirmed = new ConcurrentHashMap<>();
    Map<String, String> unknown = new ConcurrentHashMap<>();
    AtomicBoolean stop = new AtomicBoolean();
    try (Registration watch = dcs.watch(key("r/"), 0, told)) {
      Thread writer = new Thread(() -> {
        for (int i = 0; !stop.get(); i++) {
          WriteResult result = tryPut(dcs, key("r/" + i), "v" + i, Expect.absent(), null);
          if (result.isDone()) {
            confirmed.put(key("r/" + i), "v" + i);
          } else if (result instanceof WriteResult.Indeterminate) {
            unknown.put(key("r/" + i), "v" + i);
          }
        }
      });
      writer.start();
      Await.until("some writes", SOON, () -> confirmed.size() > 20);
      restart();
      int before = confirmed.size();
      Await.until("writes after the restart", SOON, () -> confirmed.size() > before + 20);
      stop.set(true);
      writer.join();

      Map<String, String> there = new java.util.TreeMap<>();
      done(dcs.list(key("r/"), freshest(dcs))).entries().forEach(e -> there.put(e.key(), e.text()));
      assertThat(there).as("nothing that was confirmed is lost").containsAllEntriesOf(confirmed);
      List<String> extra = new ArrayList<>(there.keySet());
      extra.removeAll(confirmed.keySet());
      assertThat(unknown.keySet()).as("nothing is there that was refused").containsAll(extra);
      awaitState(told, there);
    }
  }

  @Test
  void aBlockedLineNeverGuesses() {
    DcsRig.Client client = client();
    Dcs other = dcs();
    put(client.dcs(), key("k"), "before");
    client.block();
    long start = System.nanoTime();
    WriteResult result = tryPut(client.dcs(), key("k"), "during", Expect.any(), null);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(result).isInstanceOfAny(WriteResult.Indeterminate.class, WriteResult.Refused.class);
    assertThat(took).isLessThan(Dcs.CALL_MAX.plusSeconds(5));
    client.unblock();
    Await.until("the line to work again", SOON, () -> tryPut(client.dcs(), key("k"), "after", Expect.any(), null).isDone());
    if (result instanceof WriteResult.Indeterminate) {
      // It may yet happen, even after what was confirmed since.
      Await.until("one of both", SOON, () -> get(other, key("k")).filter(e -> Set.of("during", "after").contains(e.text())).isPresent());
    } else {
      assertHolds(other, key("k"), "after");
    }
  }

  private void restart() {
    try {
      rig().restart();
    } catch (Exception e) {
      throw new AssertionError("the store did not restart", e);
    }
  }
}
