package io.weft.store.postgres.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.Registration;
import io.weft.store.Migration;
import io.weft.store.Migration.Obstacle;
import io.weft.store.MigrationRefused;
import io.weft.store.SchemaInfo;
import io.weft.store.SchemaInfo.State;
import io.weft.store.SchemaSource;
import io.weft.store.postgres.PostgresStore;
import io.weft.store.postgres.StoreRig;
import io.weft.testkit.Await;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Schemas on a real PostgreSQL. */
public class StoreMigrationsTest {

  private static final Migration ACCOUNTS = Migration.of(1, "accounts",
      "CREATE TABLE account (id bigint PRIMARY KEY, wallet text NOT NULL, period text);"
          + "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n FROM ${schema}.account'")
      .withDown("DROP FUNCTION twice(int); DROP TABLE account",
          new Obstacle("accounts", "SELECT id::text FROM account ORDER BY id"));
  private static final Migration UNIQUE = Migration.of(2, "one-per-period",
      "CREATE UNIQUE INDEX CONCURRENTLY account_period ON account (wallet, period) WHERE period IS NOT NULL")
      .withoutTransaction().withDown("DROP INDEX account_period")
      .withChecks(new Obstacle("accounts that are there twice in a period",
          "SELECT wallet || ' ' || period FROM account GROUP BY wallet, period HAVING count(*) > 1 ORDER BY 1"));
  private static final Migration NULLABLE = Migration.of(3, "wallet-hashed", "ALTER TABLE account ALTER wallet DROP NOT NULL")
      .withDown("ALTER TABLE account ALTER wallet SET NOT NULL",
          new Obstacle("accounts without wallet", "SELECT id::text FROM account WHERE wallet IS NULL"));
  private static final List<Migration> ALL = List.of(ACCOUNTS, UNIQUE, NULLABLE);

  private static StoreRig rig;
  private static PostgresStore store;

  private final Map<String, Integer> offered = new ConcurrentHashMap<>();
  private final List<StoreMigrations> open = new ArrayList<>();

  @BeforeAll
  static void start() {
    rig = new StoreRig();
    store = rig.open(Map.of());
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @AfterEach
  void close() throws SQLException {
    open.forEach(StoreMigrations::close);
    StoreRig.execute(store, "DROP SCHEMA IF EXISTS books CASCADE");
  }

  @Test
  void aFreshSchemaIsMadeAndOffered() throws Exception {
    StoreMigrations migrations = migrations(true);
    Source books = add(migrations, ALL);
    awaitState(migrations, State.READY);
    assertThat(offered).containsEntry("books", 3);
    assertThat(migrations.status().get(0).steps()).extracting(s -> s.number() + s.name() + s.by()).containsExactly("1accountsa",
        "2one-per-perioda", "3wallet-hasheda");
    assertThat(migrations.plan("books")).containsExactly("up to date at 3");
    migrations.remove(books);
    assertThat(offered).isEmpty();
  }

  @Test
  void everyUpgradePathLeadsToTheSameSchemaAndBack() throws Exception {
    Shape fresh = null;
    for (int first = 0; first <= ALL.size(); first++) {
      for (int then = first; then <= ALL.size(); then++) {
        upgrade(ALL.subList(0, first));
        upgrade(ALL.subList(0, then));
        StoreMigrations migrations = upgrade(ALL);
        Shape found = shape();
        fresh = fresh == null ? found : fresh;
        assertThat(found.lines()).as("by way of %s and %s", first, then).isEqualTo(fresh.lines()).hasSizeGreaterThan(7);
        migrations.down("books", 0);
        assertThat(shape().lines()).isEmpty();
        StoreRig.execute(store, "DROP SCHEMA books CASCADE");
      }
    }
  }

  @Test
  void duplicatesStopAMigrationByName() throws Exception {
    upgrade(List.of(ACCOUNTS));
    StoreRig.execute(store, "INSERT INTO books.account VALUES (1, 'x', 'p'), (2, 'x', 'p'), (3, 'y', 'p')");
    StoreMigrations migrations = migrations(true);
    add(migrations, ALL);
    awaitState(migrations, State.FAILED);
    assertThat(offered).isEmpty();
    String why = "migration 2 (one-per-period) is not begun: accounts that are there twice in a period: x p";
    assertThat(migrations.check().get(0).message()).isEqualTo(why);
    assertThat(migrations.plan("books")).contains("in the way: accounts that are there twice in a period: x p");
    assertThatThrownBy(() -> migrations.apply("books")).isInstanceOf(MigrationRefused.class).hasMessage(why);
    StoreRig.execute(store, "DELETE FROM books.account WHERE id = 2");
    migrations.apply("books"); // or it was applied already, since the command before made the store look again
    Await.until("it to be offered", StoreRig.SOON, () -> Integer.valueOf(3).equals(offered.get("books")));
  }

  @Test
  void goingBackIsRefusedWhileSomethingWouldBeLostAndHoldsTheSchema() throws Exception {
    StoreMigrations migrations = upgrade(ALL);
    StoreRig.execute(store, "INSERT INTO books.account VALUES (7, NULL, NULL)");
    assertThatThrownBy(() -> migrations.down("books", 2)).hasMessage(
        "migration 3 (wallet-hashed) is not taken back, since this would be lost: accounts without wallet: 7");
    StoreRig.execute(store, "DELETE FROM books.account");
    assertThat(migrations.down("books", 1)).containsExactly("took back 3 (wallet-hashed)", "took back 2 (one-per-period)");

    StoreMigrations other = migrations(true);
    add(other, ALL);
    awaitState(other, State.BEHIND);
    assertThat(other.status().get(0)).satisfies(s -> {
      assertThat(s.held()).isTrue();
      assertThat(s.version()).isEqualTo(1);
      assertThat(s.message()).startsWith("held at 1 of 3");
    });
    assertThat(offered).isEmpty();
    other.apply("books");
    awaitState(other, State.READY);
  }

  @Test
  void whatWasChangedAfterwardsIsNotTouched() throws Exception {
    upgrade(List.of(ACCOUNTS));
    StoreMigrations migrations = migrations(true);
    add(migrations, List.of(Migration.of(1, "accounts", "CREATE TABLE account (id int)")));
    awaitState(migrations, State.CHANGED);
    assertThatThrownBy(() -> migrations.apply("books")).hasMessageStartingWith("migration 1 (accounts) is not the one that was "
        + "applied");
  }

  @Test
  void anEarlierPluginDoesNotRunOnALaterSchema() throws Exception {
    upgrade(ALL);
    StoreMigrations migrations = migrations(true);
    add(migrations, ALL.subList(0, 2));
    awaitState(migrations, State.AHEAD);
    assertThat(offered).isEmpty();
  }

  @Test
  void aSchemaThatIsAsOursIsAdoptedAndAnotherIsNot() throws Exception {
    StoreRig.execute(store,
        "CREATE SCHEMA books; CREATE TABLE books.account (id bigint PRIMARY KEY, wallet text NOT NULL, period text);"
        + "CREATE FUNCTION books.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n FROM books.account';"
        + "INSERT INTO books.account VALUES (5, 'kept', NULL)");
    StoreMigrations manual = migrations(false);
    add(manual, ALL);
    awaitState(manual, State.FOREIGN);
    assertThat(manual.plan("books")).containsExactly("adopt schema books as it is, at 1",
        "apply 2 (one-per-period), outside of a transaction",
        "apply 3 (wallet-hashed)");
    StoreRig.execute(store, "ALTER TABLE books.account ADD more int");
    assertThatThrownBy(() -> manual.apply("books")).hasMessageContaining("was not made by this store and is different")
        .hasMessageContaining("more: column account.more integer");
    StoreRig.execute(store, "ALTER TABLE books.account DROP more");
    assertThat(manual.apply("books")).first().isEqualTo("adopted schema books at 1");
    assertThat(StoreRig.query(store, "SELECT wallet FROM books.account")).isEqualTo("kept");
    assertThat(StoreRig.query(store, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%weft_compare'")).isEqualTo("0");
  }

  @Test
  void anIndexThatWasInterruptedIsMadeAgain() throws Exception {
    upgrade(List.of(ACCOUNTS));
    StoreRig.execute(store, "CREATE UNIQUE INDEX account_period ON books.account (wallet, period) WHERE period IS NOT NULL;"
        + "INSERT INTO books.weft_migrations (number, name, checksum, finished, node) VALUES (2, 'one-per-period', '"
        + Plan.checksum(UNIQUE)
        + "', false, 'gone')");
    try (var admin = rig.admin()) {
      Sql.run(admin, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'books.account_period'::regclass");
    }
    StoreMigrations migrations = migrations(false);
    add(migrations, ALL);
    awaitState(migrations, State.BEHIND);
    assertThat(migrations.status().get(0).steps().get(1).interrupted()).isTrue();
    migrations.apply("books");
    assertThat(shape().lines()).noneMatch(line -> line.endsWith(" invalid"));
    assertThat(migrations.status().get(0).state()).isEqualTo(State.READY);
  }

  @Test
  void ofManyRunnersOneAppliesAndTheOthersFindItDone() throws Exception {
    int runners = 3;
    List<StoreMigrations> all = new ArrayList<>();
    for (int i = 0; i < runners; i++) {
      StoreMigrations migrations = migrations(false);
      add(migrations, ALL);
      awaitState(migrations, State.ABSENT);
      all.add(migrations);
    }
    List<String> done = java.util.Collections.synchronizedList(new ArrayList<>());
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (StoreMigrations migrations : all) {
      Thread thread = new Thread(() -> {
        try {
          begin.await();
          done.addAll(migrations.apply("books"));
        } catch (MigrationRefused | InterruptedException e) {
          done.add(e.toString());
        }
      });
      thread.start();
      threads.add(thread);
    }
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(done).containsExactly("applied 1 (accounts)", "applied 2 (one-per-period)", "applied 3 (wallet-hashed)");
  }

  @Test
  void aMigrationThatFailsLeavesNothing() throws Exception {
    StoreMigrations migrations = migrations(true);
    add(migrations, List.of(ACCOUNTS, Migration.of(2, "wrong", "CREATE TABLE more (id int); SELECT 1 / 0")));
    awaitState(migrations, State.FAILED);
    assertThat(migrations.check().get(0).message()).isEqualTo("migration 2 (wrong) failed: ERROR: division by zero; nothing of "
        + "it happened");
    assertThat(shape().lines()).noneMatch(line -> line.contains("more"));
  }

  @Test
  void aPluginThatSaysNonsenseIsToldSo() {
    StoreMigrations migrations = migrations(true);
    assertThatThrownBy(() -> migrations.add(new Source("Books; DROP", ALL))).hasMessageContaining("a schema of a plugin is");
    assertThatThrownBy(() -> migrations.add(new Source("books", List.of(UNIQUE)))).hasMessageContaining("migration 1 is missing");
    assertThatThrownBy(() -> migrations.plan("others")).hasMessage("no plugin of this node has a schema 'others'; there is none");
  }

  /** On another store. */
  public static void wayUpAndDown(PostgresStore other, io.weft.node.Timers timers) throws Exception {
    StoreMigrations migrations = new StoreMigrations(other, timers, "a", false, (schema, version) -> () -> {});
    add(migrations, ALL);
    assertThat(migrations.apply("books")).hasSize(ALL.size());
    try (var connection = other.dedicated("test")) {
      assertThat(Shape.read(connection, "books").lines()).hasSizeGreaterThan(7);
    }
    assertThat(migrations.down("books", 0)).hasSize(ALL.size());
    migrations.close();
  }

  /** What a plugin registers. */
  private record Source(String schema, List<Migration> migrations) implements SchemaSource {}

  private StoreMigrations migrations(boolean automatic) {
    StoreMigrations migrations = new StoreMigrations(store, rig.time(), "a", automatic, (schema, version) -> {
      offered.put(schema, version);
      return (Registration) () -> offered.remove(schema);
    });
    open.add(migrations);
    return migrations;
  }

  private static Source add(StoreMigrations migrations, List<Migration> list) {
    Source source = new Source("books", list);
    migrations.add(source);
    return source;
  }

  private StoreMigrations upgrade(List<Migration> list) throws MigrationRefused {
    StoreMigrations migrations = new StoreMigrations(store, rig.time(), "a", false, (schema, version) -> () -> {});
    open.add(migrations);
    add(migrations, list);
    migrations.apply("books");
    return migrations;
  }

  private static void awaitState(StoreMigrations migrations, State state) {
    Await.until("the schema to be " + state, StoreRig.SOON, () -> {
      SchemaInfo info = migrations.seen("books");
      return info.state() == state;
    });
  }

  private static Shape shape() throws SQLException {
    try (var connection = store.dedicated("test")) {
      return Shape.read(connection, "books");
    }
  }
}
