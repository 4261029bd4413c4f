package io.weft.dcs.postgres;

import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.PostgresServer;
import io.weft.testkit.RealTime;
import io.weft.testkit.TcpGate;
import io.weft.testkit.dcs.DcsRig;
import io.weft.testkit.dcs.GatedClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL on loopback, run by the user postgres where the tests are run by root. */
final class PgRig implements DcsRig {

  private final PostgresServer server;
  private final RealTime time = new RealTime();
  private final FakeSecrets secrets = new FakeSecrets();

  /** @param settings of the server, such as {@code fsync=off} */
  PgRig(String... settings) {
    server = new PostgresServer(settings);
  }

  /** Gives what a test wrote to {@link #directory} to the user who runs the server. */
  void ownedByPostgres() {
    server.own();
  }

  Path directory() {
    return server.directory();
  }

  FakeSecrets secrets() {
    return secrets;
  }

  @Override
  public String server() {
    try {
      return "PostgreSQL " + query("SHOW server_version");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  String url(int at) {
    return "jdbc:postgresql://127.0.0.1:" + at + "/postgres?user=postgres";
  }

  int port() {
    return server.port();
  }

  RealTime time() {
    return time;
  }

  @Override
  public Client client() {
    return client(Map.of());
  }

  Client client(Map<String, Object> more) {
    TcpGate gate = new TcpGate(server.port());
    PgDcs dcs = dcs(gate.port(), more);
    return new GatedClient(dcs, dcs::close, List.of(gate));
  }

  PgDcs dcs(int at, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(Map.of("url", url(at), "timeout_ms", 2_000));
    values.putAll(more);
    return new PgDcs(
        FakeConfig.of(PgConfig.class, values), new FakeNode(new FakeIdentity("demo", "n"), "demo", 1), secrets, time,
            time);
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Override
  public boolean canRestart() {
    return true;
  }

  /** What was written must be there although nothing was shut down: the server's processes are killed, the log is replayed. */
  @Override
  public void restart() {
    server.crash();
  }

  @Override
  public boolean canCompact() {
    return true;
  }

  @Override
  public void compact() throws Exception {
    query("SELECT weft_demo.dcs_forget(0)::text");
  }

  @Override
  public void close() {
    server.close();
    time.close();
  }

  String query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url(server.port()));
    return source.getConnection();
  }
}
