package io.weft.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.store.Bounds;
import io.weft.store.IndeterminateCommit;
import io.weft.store.Outcome;
import io.weft.store.postgres.CommitMark.Fate;
import io.weft.testkit.AnswerThief;
import io.weft.testkit.AnswerThief.Takes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a COMMIT that is not answered. */
class CommitReadBackTest {

  private static StoreRig rig;
  private static PostgresStore direct;
  private static final AtomicReference<Takes> NEXT = new AtomicReference<>(Takes.NOTHING);
  private static AnswerThief thief;
  private static PostgresStore store;

  @BeforeAll
  static void start() throws Exception {
    rig = new StoreRig();
    rig.secrets().put("secret:file/db", "a good password");
    direct = rig.open(Map.of("password", "secret:file/db"));
    String address = direct.listeners().get(0).address();
    thief = new AnswerThief(Integer.parseInt(address.substring(address.indexOf(':') + 1)), () -> NEXT.getAndSet(Takes.NOTHING));
    // Without prepared statements, so that each COMMIT goes by in plain words.
    store = rig.open(Map.of("url", "jdbc:postgresql://127.0.0.1:" + thief.port() + "/weft?prepareThreshold=0", "user", "weft",
        "password", "secret:file/db"));
  }

  @AfterAll
  static void stop() throws Exception {
    thief.close();
    rig.close();
  }

  @BeforeEach
  void table() throws SQLException {
    StoreRig.execute(direct, "DROP TABLE IF EXISTS entry; CREATE TABLE entry (id int PRIMARY KEY)");
  }

  @Test
  void aLostAnswerIsReadBackAsCommitted() throws SQLException {
    long before = store.info().readBack();
    Outcome<Integer> outcome = insert(Takes.THE_ANSWER);
    assertThat(outcome).isEqualTo(new Outcome.Committed<>(1));
    assertThat(store.info().readBack()).isEqualTo(before + 1);
    assertThat(StoreRig.query(direct, "SELECT count(*) FROM entry")).isEqualTo("1");
  }

  /** The server waits in the middle of the transaction; it is ended, or it would hold its locks and might commit one day. */
  @Test
  void aLostCommitIsReadBackAsRolledBack() throws SQLException {
    Outcome<Integer> outcome = insert(Takes.THE_COMMIT);
    assertThat(outcome).isInstanceOfSatisfying(Outcome.RolledBack.class, r -> assertThat(r.retry()).isTrue());
    assertThat(StoreRig.query(direct, "SELECT count(*) FROM entry")).isEqualTo("0");
    assertThat(insert(Takes.NOTHING).isCommitted()).isTrue();
  }

  @Test
  void aServerThatIsAnotherCannotTell() throws SQLException {
    try (Connection connection = direct.dedicated("test")) {
      connection.setAutoCommit(false);
      insert(connection);
      CommitMark mark = CommitMark.of(connection).orElseThrow();
      connection.commit();
      connection.setAutoCommit(true);
      assertThat(mark.ask(connection)).isEqualTo(Fate.COMMITTED);
      assertThat(new CommitMark(mark.xid(), "00000002", mark.system(), mark.backend()).ask(connection)).isEqualTo(Fate.UNKNOWN);
      assertThat(new CommitMark(mark.xid(), mark.timeline(), "1", mark.backend()).ask(connection)).isEqualTo(Fate.UNKNOWN);
    }
    assertThatThrownBy(() -> new Outcome.Indeterminate<>(new SQLException("cut")).orThrow()).isInstanceOf(IndeterminateCommit.class);
  }

  private static Outcome<Integer> insert(Takes takes) {
    return store.transact(Bounds.within(StoreRig.SOON), connection -> {
      int rows = insert(connection);
      NEXT.set(takes);
      return rows;
    });
  }

  private static int insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate("INSERT INTO entry VALUES (1)");
    }
  }
}
