package io.weft.store.postgres.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.store.FailoverReport;
import io.weft.store.FailoverReport.Line;
import io.weft.store.postgres.StoreConfig;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Failover between two real servers. */
class FencedFailoverTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Path home = ServerProcess.temporaryDirectory("weft-failover");
  private final RealTime time = new RealTime();

  @AfterEach
  void close() {
    time.close();
    ServerProcess.delete(home);
  }

  @Test
  void whatCannotBeProvedIsNotFlippedAndWhatCanIs() throws Exception {
    try (ReplicaPair pair = new ReplicaPair()) {
      FencedFailover failover = failover(pair.url(), SOON);
      assertThat(failover.plan(pair.name(0)).steps()).last().extracting(Line::text).isEqualTo(pair.name(0)
          + " is the primary already");
      assertThat(failover.plan("10.0.0.1:5432").steps()).last().extracting(Line::text).asString().contains("is not in "
          + "store.postgres.url");
      assertThat(failover.plan(pair.name(1)).possible()).isTrue();

      // A replica that stands still never has everything, so the fence is taken off again.
      pair.query(1, "postgres", "postgres", "SELECT pg_wal_replay_pause()");
      pair.query(0, "weft", "weft", "CREATE TABLE entry AS SELECT 1 AS id");
      FailoverReport refused = failover(pair.url(), Duration.ofMillis(200)).run(pair.name(1));
      assertThat(refused.possible()).isFalse();
      assertThat(refused.steps()).extracting(Line::step).endsWith("fence", "fence", "prove", "undo");
      pair.query(0, "weft", "weft", "INSERT INTO entry VALUES (2)");
      pair.query(1, "postgres", "postgres", "SELECT pg_wal_replay_resume()");

      try (Connection writer = connect(pair, 0); Statement statement = writer.createStatement()) {
        statement.execute("INSERT INTO entry VALUES (3)");
        FailoverReport done = failover.run(pair.name(1));
        assertThat(done.possible()).as(done.toString()).isTrue();
        assertThatThrownBy(() -> statement.execute("INSERT INTO entry VALUES (4)")).isInstanceOf(SQLException.class);
        hasAll(done);
      }
      assertThatThrownBy(() -> pair.query(0, "weft", "weft", "INSERT INTO entry VALUES (5)"))
          .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55000"));
      assertThat(pair.query(1, "weft", "weft", "SELECT string_agg(id::text, ',' ORDER BY id) FROM entry")).isEqualTo("1,2,3");
      assertThat(failover.plan(pair.name(1)).steps()).last().extracting(Line::text).asString().contains("two primaries");

      pair.kill(0);
      assertThat(failover.run(pair.name(1)).steps()).last().satisfies(l -> {
        assertThat(l.good()).isFalse();
        assertThat(l.text()).startsWith(pair.name(0) + ": ");
      });
    }
  }

  private static void hasAll(FailoverReport report) throws IOException {
    String transcript = Files.readString(Path.of(report.transcript()));
    assertThat(transcript.lines()).hasSameSizeAs(report.steps());
    report.steps().forEach(line -> assertThat(transcript).contains(line.text()));
  }

  @Test
  void theNodesOwnServerHasNoReplica() {
    assertThat(failover("", SOON).run("127.0.0.1:1").steps()).singleElement().extracting(Line::text).asString()
        .startsWith("this node runs its own PostgreSQL");
  }

  private static Connection connect(ReplicaPair pair, int server) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://" + pair.name(server) + "/weft");
    source.setUser("weft");
    return source.getConnection();
  }

  private FencedFailover failover(String url, Duration replayMax) {
    Map<String, Object> values = new HashMap<>(Map.of("url", url, "user", "weft"));
    return new FencedFailover(FakeConfig.of(StoreConfig.class, values),
        new FakeNode(new FakeIdentity("demo", "a"), "demo", 1, home), new FakeSecrets(), time, replayMax);
  }
}
