package io.weft.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.Hour;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.store.Migration;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tables of the books, by whatever way a database came to them; compared by what pg_dump makes of them. */
@ExtendWith(WithPostgres.class)
class LayoutTest {

  private static final List<Migration> ALL = new Layout().migrations();
  private static final String SCHEMA = "books_by_another_way";
  private static final Hour NOW = Hour.of(Rig.NOON);

  /** With books in it from the version where it begins. */
  @Test
  void everyUpgradePathLeadsToTheTablesOfAFreshInstall(Rig rig) throws Exception {
    String fresh = tables(rig, ALL.size());
    for (int from = 1; from < ALL.size(); from++) {
      try (Connection connection = empty(rig)) {
        up(connection, 0, from);
        fill(connection);
        up(connection, from, ALL.size());
        assertThat(dump(rig)).as("from version %s", from).isEqualTo(fresh);
        assertThat(sum(connection)).isEqualTo("-3 2");
      }
    }
  }

  @Test
  void theWayBackLeadsToTheTablesOfThatVersionAndLosesNothing(Rig rig) throws Exception {
    for (int to = ALL.size() - 1; to >= 1; to--) {
      String fresh = tables(rig, to);
      try (Connection connection = empty(rig)) {
        up(connection, 0, ALL.size());
        fill(connection);
        down(connection, ALL.size(), to);
        assertThat(dump(rig)).as("back to version %s", to).isEqualTo(fresh);
        assertThat(sum(connection)).isEqualTo("-3 2");
        up(connection, to, ALL.size());
        assertThat(sum(connection)).isEqualTo("-3 2");
      }
    }
  }

  /** The last step back would lose money, and says so by name. */
  @Test
  void booksWithSomethingInThemAreNotDropped(Rig rig) throws Exception {
    try (Connection connection = empty(rig)) {
      up(connection, 0, 1);
      assertThat(obstacles(connection)).isEmpty();
      fill(connection);
      assertThat(obstacles(connection)).containsExactly("2 entries", "1 accounts");
      execute(connection, "DROP SCHEMA " + SCHEMA + " CASCADE", "CREATE SCHEMA " + SCHEMA);
      up(connection, 0, ALL.size());
      down(connection, ALL.size(), 0);
      assertThat(dump(rig)).doesNotContain("CREATE TABLE").doesNotContain("CREATE FUNCTION");
    }
  }

  /** As the store does it where somebody made the tables by hand: step by step, and all at once. */
  @Test
  void allAtOnceIsTheSameAsStepByStep(Rig rig) throws Exception {
    String fresh = tables(rig, ALL.size());
    try (Connection connection = empty(rig)) {
      execute(connection, Layout.fresh().toArray(String[]::new));
      assertThat(dump(rig)).isEqualTo(fresh);
    }
  }

  @Test
  void entriesHaveAccountsAndAccountsStay(Rig rig) throws Exception {
    rig.accounts(2, 0, NOW);
    assertThatThrownBy(() -> rig.execute("INSERT INTO entries (account, type, amount, reference, actor) VALUES "
        + "(1, 'adjustment', 1, 'a', 'op'), (77, 'adjustment', 1, 'a', 'op')")).hasMessageContaining("there is no account 77");
    assertThat(rig.query("SELECT count(*) FROM entries")).isEqualTo("0");
    for (String sql : List.of("DELETE FROM accounts WHERE number = 2", "TRUNCATE accounts CASCADE")) {
      assertThatThrownBy(() -> rig.execute(sql)).hasMessageContaining("accounts are never deleted");
    }
  }

  /** What has a balance that changes stays on its page, so that no index hears of it. */
  @Test
  void balancesChangeInPlace(Rig rig) throws Exception {
    rig.accounts(5_000, 524_288_000L + (10L << 30), NOW);
    long before = Long.parseLong(rig.query("SELECT pg_relation_size('accounts')"));
    rig.pass(Duration.ofHours(3));
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).isEqualTo(15_000);
    assertThat(Long.parseLong(rig.query("SELECT pg_relation_size('accounts')"))).isLessThan(before * 13 / 10);
  }

  private static String tables(Rig rig, int version) throws SQLException {
    try (Connection connection = empty(rig)) {
      up(connection, 0, version);
      return dump(rig);
    }
  }

  private static Connection empty(Rig rig) throws SQLException {
    Connection connection = rig.database().dedicated("test");
    execute(connection, "DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE", "CREATE SCHEMA " + SCHEMA, "SET search_path = " + SCHEMA);
    return connection;
  }

  private static void up(Connection connection, int from, int to) throws SQLException {
    for (Migration migration : ALL.subList(from, to)) {
      execute(connection, migration.up());
    }
  }

  private static void down(Connection connection, int from, int to) throws SQLException {
    for (int number = from; number > to; number--) {
      execute(connection, ALL.get(number - 1).down().orElseThrow());
    }
  }

  /** An account, a charge and an adjustment. */
  private static void fill(Connection connection) throws SQLException {
    execute(connection, "INSERT INTO accounts (identity, since, balance) VALUES (sha256('x'), hour_of(clock_now()), -3)",
        "INSERT INTO entries (account, type, amount, reference, period, actor) VALUES (1, 'charge', -4, 'h', "
        + "hour_of(clock_now()), 'n')",
        "INSERT INTO entries (account, type, amount, reference, actor) VALUES (1, 'adjustment', 1, 'x', 'op')");
  }

  private static String sum(Connection connection) throws SQLException {
    return Sql.one(connection, "SELECT sum(amount)::int || ' ' || count(*) FROM entries", row -> row.getString(1));
  }

  private static List<String> obstacles(Connection connection) throws SQLException {
    List<String> found = new java.util.ArrayList<>();
    for (Migration.Obstacle obstacle : ALL.get(0).beforeDown()) {
      found.addAll(Sql.list(connection, obstacle.query(), row -> row.getString(1)));
    }
    return found;
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Without comments, settings and the words that guard a restore, which are others each time. */
  private static String dump(Rig rig) {
    return rig.server().dump("--schema-only", "-n", SCHEMA).lines()
        .filter(line -> !line.isBlank() && !line.startsWith("--") && !line.startsWith("\\") && !line.startsWith("SET "))
        .collect(Collectors.joining("\n"));
  }
}
