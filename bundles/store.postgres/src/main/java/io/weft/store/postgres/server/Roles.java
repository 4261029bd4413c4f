package io.weft.store.postgres.server;

import io.weft.store.postgres.Endpoint;
import io.weft.store.postgres.PgErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PasswordUtil;

/** Sees that the database is there, and that its owner may sign in with the password that holds now. */
final class Roles {

  static final String DATABASE = "weft";

  private static final int TIMEOUT_SECONDS = 10;

  private Roles() {}

  /** @return version of the server */
  static String ensure(int port, String adminPassword, String role, String password) throws ServerFailed {
    if (!role.matches("[a-z][a-z0-9_]{0,47}") || role.equals(Cluster.ADMIN)) {
      throw new ServerFailed("store.postgres.user: a role of the node's own PostgreSQL is 1 to 48 of a-z, 0-9 and '_', and not "
          + Cluster.ADMIN);
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url(port, "postgres"));
    source.setUser(Cluster.ADMIN);
    source.setPassword(adminPassword);
    source.setConnectTimeout(TIMEOUT_SECONDS);
    source.setSocketTimeout(TIMEOUT_SECONDS);
    source.setApplicationName("weft-supervisor");
    try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
      // Only the hash travels, so no log and no view of statements ever shows the password.
      String hash = PasswordUtil.encodePassword(role, password.toCharArray(), "scram-sha-256");
      boolean known = finds(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role);
      statement.execute((known ? "ALTER" : "CREATE") + " ROLE " + role + " LOGIN NOSUPERUSER PASSWORD '" + hash + "'");
      if (!finds(connection, "SELECT 1 FROM pg_database WHERE datname = ?", DATABASE)) {
        statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + role);
        statement.execute("REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
      }
      statement.execute("ALTER DATABASE " + DATABASE + " OWNER TO " + role);
      return connection.getMetaData().getDatabaseProductVersion().split(" ")[0];
    } catch (SQLException e) {
      throw new ServerFailed("the server runs, but cannot be set up: " + PgErrors.inWords(e), e);
    }
  }

  static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  static Endpoint endpoint(int port, String role, Endpoint.Password password) {
    return new Endpoint(url(port, DATABASE), role, password);
  }

  private static boolean finds(Connection connection, String sql, String argument) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, argument);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }
}
