package io.weft.shell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.Snapshot;
import io.weft.dcs.WriteResult;
import io.weft.testkit.ManualTime;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.testkit.dcs.MemoryStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From one store to another, with people who write at the wrong moment and stores that go away. */
class MigrationTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final ManualTime time = new ManualTime(NOW);
  private final MemoryDcs from = new MemoryDcs("etcd", new MemoryStore(time, time), Runnable::run);
  private final MemoryStore targetStore = new MemoryStore(time, time);
  private final MemoryDcs to = new MemoryDcs("postgres", targetStore, Runnable::run);
  private Runnable meanwhile = () -> {};

  @BeforeEach
  void fill() {
    for (int i = 0; i < 100; i++) {
      put(from, "app/" + i, "v" + i);
    }
  }

  @Test
  void everyKeyIsCopiedAndTheSourceStaysAsItIs() throws Exception {
    Snapshot before = all(from);
    Migration.Findings found = look();
    assertThat(found.obstacles()).isEmpty();
    assertThat(found.keys()).isEqualTo(100);
    assertThat(found.plan().create()).hasSize(100);
    assertThat(values(to)).as("looking changes nothing").isEmpty();

    migration(to).run(found, true, NOW);
    assertThat(values(to)).isEqualTo(values(from));
    assertThat(all(from)).isEqualTo(before);
    assertThat(look().isDone()).isTrue();
  }

  @Test
  void fencingTokensGoOnGrowing() throws Exception {
    for (int i = 0; i < 500; i++) {
      put(from, "app/0", "again " + i);
    }
    Migration.Findings found = look();
    assertThat(found.behind()).isEqualTo(601);
    migration(to).run(found, true, NOW);
    assertThat(all(to).revision()).isGreaterThan(all(from).revision());
    assertThat(values(to)).isEqualTo(values(from));
  }

  @Test
  void aHeldSessionIsAnObstacleOnEitherSide() throws Exception {
    Session session = done(from.open("lease", Duration.ofMinutes(5)));
    done(from.put("_elections/leases/jobs/x/0/leader", new byte[0], Expect.absent(), session));
    Migration.Findings found = look();
    assertThat(found.obstacles()).containsExactly(
        "etcd is in use: 1 of its keys go with sessions, such as _elections/leases/jobs/x/0/leader");
    assertThat(found.held()).isEqualTo(1);
    assertThat(found.keys()).isEqualTo(100);
    session.close();

    Session other = done(to.open("lease", Duration.ofMinutes(5)));
    done(to.put("held", new byte[0], Expect.absent(), other));
    assertThat(look().obstacles()).containsExactly("postgres is in use: 1 of its keys go with sessions, such as held");
  }

  @Test
  void aWriterIsNoticed() throws Exception {
    meanwhile = () -> put(from, "app/7", "v7"); // the same value, and a write nevertheless
    assertThat(look().obstacles()).containsExactly("etcd is in use: app/7 changed while it was looked at");
    meanwhile = () -> {
      put(from, "passing", "x");
      done(from.delete("passing", Expect.any()));
    };
    assertThat(look().obstacles()).containsExactly("etcd is in use: passing changed while it was looked at");
    meanwhile = () -> put(to, "new", "x");
    assertThat(look().obstacles()).containsExactly("postgres is in use: new changed while it was looked at");
  }

  @Test
  void aWriterIsNoticedThroughALostHistory() throws Exception {
    meanwhile = () -> {
      to.line(MemoryDcs.Line.LOSES_REQUESTS);
      put(new MemoryDcs(targetStore, Runnable::run), "new", "x");
      targetStore.compact();
      to.line(MemoryDcs.Line.UP);
    };
    assertThat(look().obstacles()).containsExactly("postgres is in use: new changed while it was looked at");
  }

  @Test
  void onlyAnEmptyStoreIsCopiedInto() throws Exception {
    put(to, "precious", "x");
    assertThat(look().obstacles()).containsExactly(
        "postgres holds 1 keys already, such as precious, and only an empty store is copied into");
  }

  @Test
  void goesOnWhereItWasLeft() throws Exception {
    for (int crash = 0; crash < 5; crash++) {
      Migration failing = migration(failingAfter(17, to));
      Migration.Findings found = failing.look(LOOK);
      assertThat(found.obstacles()).isEmpty();
      assertThat(found.resumed()).isEqualTo(crash > 0);
      assertThatThrownBy(() -> failing.run(found, true, NOW)).isInstanceOf(DcsUnavailable.class);
    }
    assertThat(values(to)).hasSizeBetween(80, 90);
    put(from, "app/3", "changed between two tries");
    done(from.delete("app/4", Expect.any()));
    Migration.Findings last = look();
    assertThat(last.resumed()).isTrue();
    migration(to).run(last, true, NOW);
    assertThat(values(to)).isEqualTo(values(from)).hasSize(99);
    assertThat(look().isDone()).isTrue();
  }

  @Test
  void saysHowFarItGot() throws Exception {
    Migration failing = migration(failingAfter(31, to));
    Migration.Findings found = failing.look(LOOK);
    assertThatThrownBy(() -> failing.run(found, true, NOW))
        .hasMessage("stopped after 30 of 100 writes: app/36: refused: the disk is full");
  }

  @Test
  void twoCopiesDoNotMix() throws Exception {
    MemoryDcs nats = new MemoryDcs("nats", new MemoryStore(time, time), Runnable::run);
    put(nats, "other", "x");
    Migration half = new Migration(nats, failingAfter(1, to), (done, of) -> {}, millis -> {});
    Migration.Findings found = half.look(LOOK);
    assertThatThrownBy(() -> half.run(found, true, NOW)).isInstanceOf(DcsUnavailable.class);
    assertThat(look().obstacles()).containsExactly("postgres has half of a copy of nats; finish that one first");
  }

  @Test
  void aWriteToTheSourceDuringTheCopyIsNoticed() throws Exception {
    Migration.Findings found = look();
    put(from, "app/5", "late");
    assertThatThrownBy(() -> migration(to).run(found, true, NOW))
        .hasMessage("etcd was written to while it was copied; stop what does that and run this again");
    Migration.Findings again = look();
    assertThat(again.resumed()).isTrue();
    migration(to).run(again, true, NOW);
    assertThat(values(to)).isEqualTo(values(from));
  }

  @Test
  void whatSomebodyElseWritesToTheTargetIsNotOverwritten() throws Exception {
    Migration.Findings found = look();
    put(to, "app/9", "mine");
    assertThatThrownBy(() -> migration(to).run(found, true, NOW)).hasMessageEndingWith("app/9: somebody else wrote it meanwhile");
    assertThat(values(to)).containsEntry("app/9", "mine");
  }

  private Migration.Findings look() throws Exception {
    return migration(to).look(LOOK);
  }

  private Migration migration(Dcs target) {
    return new Migration(from, target, (done, of) -> {}, millis -> meanwhile.run());
  }

  /** As if the process, or the target, was gone after so many writes. */
  private static Dcs failingAfter(int writes, Dcs dcs) {
    AtomicInteger left = new AtomicInteger(writes);
    return (Dcs) Proxy.newProxyInstance(Dcs.class.getClassLoader(), new Class<?>[] {Dcs.class}, (proxy, method, args) -> {
      if (List.of("put", "delete").contains(method.getName()) && left.getAndDecrement() <= 0) {
        return CompletableFuture.completedStage(new WriteResult.Refused("the disk is full"));
      }
      try {
        return method.invoke(dcs, args);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    });
  }

  private static void put(Dcs dcs, String key, String value) {
    done(dcs.put(key, value.getBytes(StandardCharsets.UTF_8), Expect.any(), null));
  }

  private static Map<String, String> values(Dcs dcs) {
    Map<String, String> values = new TreeMap<>();
    for (Entry entry : all(dcs).entries()) {
      values.put(entry.key(), entry.text());
    }
    return values;
  }

  private static Snapshot all(Dcs dcs) {
    return done(dcs.list("", ReadMode.LINEARIZABLE));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
