package io.weft.store.postgres;

import static io.weft.store.postgres.StoreRig.SOON;
import static io.weft.store.postgres.StoreRig.execute;
import static io.weft.store.postgres.StoreRig.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.HealthKind;
import io.weft.node.HealthStatus;
import io.weft.store.Bounds;
import io.weft.store.Database;
import io.weft.store.Outcome;
import io.weft.store.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls, on the node's own PostgreSQL. */
class PostgresStoreTest {

  private static StoreRig rig;
  private static PostgresStore store;

  @BeforeAll
  static void start() {
    rig = new StoreRig();
    store = rig.open(Map.of("connections", 2));
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @BeforeEach
  void table() throws SQLException {
    execute(store, "DROP TABLE IF EXISTS entry; CREATE TABLE entry (id int PRIMARY KEY)");
  }

  @Test
  void whatWasCommittedIsThereAndWhatWasNotIsNot() throws SQLException {
    Outcome<Integer> done = store.transact(Bounds.within(SOON), c -> insert(c, 1));
    assertThat(done).isEqualTo(new Outcome.Committed<>(1));

    Outcome<Integer> twice = store.transact(Bounds.within(SOON), c -> insert(c, 2) + insert(c, 1));
    assertThat(twice).isInstanceOfSatisfying(Outcome.RolledBack.class, r -> {
      assertThat(r.retry()).isFalse();
      assertThat(r.cause().getSQLState()).isEqualTo("23505");
    });
    assertThatThrownBy(() -> store.transact(Bounds.within(SOON), c -> {
      insert(c, 3);
      throw new IllegalStateException("mine");
    })).hasMessage("mine");
    assertThat(query(store, "SELECT string_agg(id::text, ',') FROM entry")).isEqualTo("1");
  }

  @Test
  void aReadCannotWrite() {
    assertThatThrownBy(() -> store.read(Bounds.within(SOON), c -> insert(c, 1)))
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
  }

  @Test
  void aCallEndsWhenItsTimeIsOver() throws SQLException {
    Outcome<Integer> late = store.transact(Bounds.within(Duration.ofMillis(300)), c -> {
      insert(c, 1);
      return wait(c);
    });
    assertThat(late).isInstanceOf(Outcome.RolledBack.class);
    assertThat(query(store, "SELECT count(*) FROM entry")).isEqualTo("0");
  }

  @Test
  void aCallEndsWhenItMayNotGoOnOrItsThreadIsInterrupted() throws Exception {
    AtomicBoolean goOn = new AtomicBoolean(true);
    CountDownLatch begun = new CountDownLatch(2);
    List<Outcome<Integer>> outcomes = java.util.Collections.synchronizedList(new ArrayList<>());
    Thread told = new Thread(() -> outcomes.add(store.transact(Bounds.within(SOON).whileTrue(goOn::get), c -> {
      begun.countDown();
      return wait(c);
    })));
    Thread interrupted = new Thread(() -> outcomes.add(store.transact(Bounds.within(SOON), c -> {
      begun.countDown();
      return wait(c);
    })));
    told.start();
    interrupted.start();
    begun.await();
    goOn.set(false);
    interrupted.interrupt();
    told.join();
    interrupted.join();
    assertThat(outcomes).hasSize(2).allMatch(o -> o instanceof Outcome.RolledBack);
  }

  @Test
  void whoFindsAllConnectionsInUseIsToldSo() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch done = new CountDownLatch(1);
    List<Thread> busy = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(() -> store.transact(Bounds.within(SOON), c -> {
        begun.countDown();
        try {
          return done.await(60, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new SQLException(e);
        }
      }));
      thread.start();
      busy.add(thread);
    }
    begun.await();
    Outcome<Integer> refused = store.transact(Bounds.within(Duration.ofMillis(50)), c -> insert(c, 1));
    done.countDown();
    for (Thread thread : busy) {
      thread.join();
    }
    assertThatThrownBy(refused::orThrow).isInstanceOf(StoreUnavailable.class)
        .hasMessage("all 2 connections are in use; raise store.postgres.connections");
  }

  @Test
  void connectionsBesideThePoolAreCounted() throws SQLException {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < Database.DEDICATED_MAX; i++) {
      connections.add(store.dedicated("lock"));
    }
    assertThatThrownBy(() -> store.dedicated("lock")).isInstanceOf(StoreUnavailable.class);
    connections.get(0).close();
    connections.get(0).close();
    connections.set(0, store.dedicated("lock"));
    assertThatThrownBy(() -> store.dedicated("lock")).isInstanceOf(StoreUnavailable.class);
    for (Connection connection : connections) {
      connection.close();
    }
  }

  @Test
  void itSaysHowItIs() {
    assertThat(store.info().embedded()).isTrue();
    assertThat(store.info().serverVersion()).isEqualTo("18.6");
    assertThat(store.listeners()).singleElement().satisfies(l -> {
      assertThat(l.address()).startsWith("127.0.0.1:");
      assertThat(store.info().address()).isEqualTo(l.address() + "/weft");
    });
    assertThat(store.check()).allMatch(r -> r.status() == HealthStatus.ok).anyMatch(r -> r.kind() == HealthKind.posture);
  }

  private static int insert(Connection connection, int id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate("INSERT INTO entry VALUES (" + id + ")");
    }
  }

  private static int wait(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_sleep(300)");
      return 0;
    }
  }
}
