package io.weft.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of a node, from beside: what its own clock says of the charging, and how fast it is without any of ours. */
final class BooksDatabase implements AutoCloseable {

  private static final int BATCH = 5_000;

  private final Connection connection;

  /** @param directory where the node's PostgreSQL keeps everything */
  BooksDatabase(Path directory) throws IOException, SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://127.0.0.1:" + Files.readString(directory.resolve("port")).strip() + "/weft");
    source.setUser("weft");
    source.setPassword(Files.readString(directory.resolve("weft.password")).strip());
    connection = source.getConnection();
  }

  long hoursDone() throws SQLException {
    return numbers("SELECT count(*) FROM weft_billing.periods WHERE done_at IS NOT NULL").get(0).longValue();
  }

  /** From the first look at an hour until its last account was done. */
  List<Double> secondsPerHour() throws SQLException {
    return numbers("SELECT extract(epoch FROM done_at - begun_at)::float8 FROM weft_billing.periods WHERE done_at IS NOT NULL ORDER BY hour");
  }

  /** Inserts rows such as those of a charge into a table with one unique index and nothing else, some thousand in a transaction. */
  double insertsPerSecond(int rows) throws SQLException {
    execute("DROP TABLE IF EXISTS bench_entries");
    execute("CREATE TABLE bench_entries (id bigint, account bigint, type text, amount numeric(38, 18), reference text, token bigint, "
        + "period timestamptz, guarded boolean, actor text, at timestamptz)");
    execute("CREATE UNIQUE INDEX bench_entries_once ON bench_entries (period, account)");
    long start = System.nanoTime();
    for (int from = 1; from <= rows; from += BATCH) {
      execute("INSERT INTO bench_entries SELECT n, n, 'charge', -0.041666666666666667, 'hour:2026-01-31T09', 1, '2026-01-31 09:00Z', true, "
          + "'a', clock_timestamp() FROM generate_series(" + from + ", " + Math.min(rows, from + BATCH - 1) + ") n");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    execute("DROP TABLE bench_entries");
    return rows / seconds;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<Double> numbers(String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      List<Double> numbers = new ArrayList<>();
      while (rows.next()) {
        numbers.add(rows.getDouble(1));
      }
      return numbers;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
