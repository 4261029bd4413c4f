package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.node.Registration;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Watches: the last state is never missed, whatever happens to the line or to the history. */
abstract class DcsWatchStories extends DcsKeyStories {

  @Test
  void aWatchBeginsWithWhatIsThere() {
    Dcs dcs = dcs();
    put(dcs, key("w/a"), "1");
    put(dcs, key("outside"), "x");
    Told told = new Told();
    try (Registration watch = dcs.watch(key("w/"), 0, told)) {
      awaitState(told, Map.of(key("w/a"), "1"));
      assertThat(told.resets()).isEqualTo(1);
      put(dcs, key("w/b"), "2");
      put(dcs, key("w/a"), "3");
      put(dcs, key("outside"), "y");
      awaitState(told, Map.of(key("w/a"), "3", key("w/b"), "2"));
      done(dcs.delete(key("w/a"), Expect.any()));
      awaitState(told, Map.of(key("w/b"), "2"));
      assertThat(told.changes()).allMatch(c -> c.key().startsWith(key("w/")));
    }
  }

  @Test
  void aWatchOnNothingIsToldSo() {
    Dcs dcs = dcs();
    Told told = new Told();
    try (Registration watch = dcs.watch(key("empty/"), 0, told)) {
      Await.until("the reset", SOON, () -> told.resets() == 1);
      put(dcs, key("empty/first"), "1");
      awaitState(told, Map.of(key("empty/first"), "1"));
    }
  }

  @Test
  void aClosedWatchIsSilent() {
    Dcs dcs = dcs();
    Told told = new Told();
    Told other = new Told();
    Registration watch = dcs.watch(key("w/"), 0, told);
    try (Registration second = dcs.watch(key("w/"), 0, other)) {
      put(dcs, key("w/a"), "1");
      awaitState(told, Map.of(key("w/a"), "1"));
      watch.close();
      watch.close();
      put(dcs, key("w/a"), "2");
      awaitState(other, Map.of(key("w/a"), "2"));
      assertThat(told.state()).isEqualTo(Map.of(key("w/a"), "1"));
    }
  }

  @Test
  void aWatchGoesOnFromARevision() {
    Dcs dcs = dcs();
    put(dcs, key("w/old"), "0");
    long from = put(dcs, key("w/a"), "1");
    put(dcs, key("w/a"), "2");
    put(dcs, key("w/b"), "3");
    Told told = new Told();
    try (Registration watch = dcs.watch(key("w/"), from, told)) {
      Await.until("what came after", SOON,
          () -> "3".equals(told.state().get(key("w/b"))) && "2".equals(told.state().get(key("w/a"))));
      if (told.resets() == 0) {
        assertThat(told.state()).as("what was before is not told again").doesNotContainKey(key("w/old"));
        assertThat(told.changes()).allMatch(c -> c.revision() > from);
      } else {
        assertThat(told.state()).containsEntry(key("w/old"), "0");
      }
    }
  }

  @Test
  void nothingIsMissedOverAnInterruption() {
    DcsRig.Client cut = client();
    Dcs writer = dcs();
    Told told = new Told();
    try (Registration watch = cut.dcs().watch(key("w/"), 0, told)) {
      put(writer, key("w/stays"), "1");
      put(writer, key("w/goes"), "1");
      awaitState(told, Map.of(key("w/stays"), "1", key("w/goes"), "1"));
      cut.block();
      for (int i = 0; i < 20; i++) {
        put(writer, key("w/stays"), "v" + i);
      }
      done(writer.delete(key("w/goes"), Expect.any()));
      put(writer, key("w/new"), "n");
      cut.unblock();
      awaitState(told, Map.of(key("w/stays"), "v19", key("w/new"), "n"));
      put(writer, key("w/later"), "l");
      awaitState(told, Map.of(key("w/stays"), "v19", key("w/new"), "n", key("w/later"), "l"));
    }
  }

  @Test
  void aForgottenHistoryResetsTheWatch() throws Exception {
    Assumptions.assumeTrue(rig().canCompact(), "this store has no history to forget, or no way to make it forget");
    DcsRig.Client cut = client();
    Dcs writer = dcs();
    Told told = new Told();
    long old = put(writer, key("w/a"), "0");
    try (Registration watch = cut.dcs().watch(key("w/"), 0, told)) {
      awaitState(told, Map.of(key("w/a"), "0"));
      cut.block();
      for (int i = 1; i <= 10; i++) {
        put(writer, key("w/a"), "v" + i);
      }
      rig().compact();
      put(writer, key("w/b"), "b");
      cut.unblock();
      awaitState(told, Map.of(key("w/a"), "v10", key("w/b"), "b"));
    }
    Told late = new Told();
    try (Registration watch = writer.watch(key("w/"), old, late)) {
      awaitState(late, Map.of(key("w/a"), "v10", key("w/b"), "b"));
      assertThat(late.resets()).as("a watch from before the history is reset").isPositive();
    }
  }

  @Test
  void theEndOfASessionIsSeen() {
    Dcs holder = dcs();
    Dcs watcher = dcs();
    Told told = new Told();
    try (Registration watch = watcher.watch(key("w/"), 0, told)) {
      Session session = session(holder);
      put(holder, key("w/e"), "x", Expect.absent(), session);
      awaitState(told, Map.of(key("w/e"), "x"));
      done(session.close());
      Await.until("the key to go with its session", goneWithin(holder), () -> told.state().isEmpty());
      assertThat(told.changes()).last().isInstanceOf(Change.Deleted.class);
    }
  }

  @Test
  void manyChangesAreToldInOrder() {
    Dcs dcs = dcs();
    Told told = new Told();
    Map<String, String> expected = new TreeMap<>();
    try (Registration watch = dcs.watch(key("w/"), 0, told)) {
      for (int i = 0; i < 200; i++) {
        String key = key("w/" + i % 7);
        put(dcs, key, "v" + i);
        expected.put(key, "v" + i);
      }
      awaitState(told, expected);
    }
  }

  static void awaitState(Told told, Map<String, String> expected) {
    Map<String, String> sorted = new TreeMap<>(expected);
    try {
      Await.until("the watch to tell", Duration.ofSeconds(30), () -> told.state().equals(sorted));
    } catch (AssertionError e) {
      throw new AssertionError("told " + told.state() + " rather than " + sorted, e);
    }
  }
}
