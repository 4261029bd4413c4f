package io.weft.dcs.postgres;

import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes connections as configured. The password is asked for each time, so a new one counts at once. */
final class PgSource implements PgConnections.Source {

  private final PgConfig config;
  private final Secrets secrets;

  /** @throws IllegalArgumentException with one line that says which key is wrong, and what to do */
  PgSource(PgConfig config, Secrets secrets) {
    if (!config.url().startsWith("jdbc:postgresql:") || config.url().toLowerCase(java.util.Locale.ROOT).contains("password=")) {
      throw new IllegalArgumentException(
          "dcs.postgres.url: expected jdbc:postgresql://host:port/database without a password; dcs.postgres.password names one");
    }
    this.config = config;
    this.secrets = secrets;
  }

  boolean signsIn() {
    return !config.password().isEmpty();
  }

  @Override
  public Connection connect() throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(config.url());
    if (!config.user().isEmpty()) {
      source.setUser(config.user());
    }
    if (signsIn()) {
      source.setPassword(password());
    }
    int millis = Math.min(9_000, Math.max(200, config.timeout_ms()));
    int seconds = (millis + 999) / 1_000;
    source.setConnectTimeout(seconds);
    source.setLoginTimeout(seconds);
    source.setSocketTimeout(seconds);
    source.setTcpKeepAlive(true);
    source.setApplicationName("weft");
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = " + millis);
      statement.execute("SET lock_timeout = " + millis);
      return connection;
    } catch (SQLException e) {
      PgConnections.discard(connection);
      throw e;
    }
  }

  private String password() throws SQLException {
    try (Secret secret = secrets.resolve(SecretReference.parse(config.password()))) {
      byte[] bytes = secret.copy();
      try {
        return new String(bytes, StandardCharsets.UTF_8).strip();
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (SecretUnavailable | IllegalArgumentException e) {
      throw new SQLException("dcs.postgres.password: " + e.getMessage(), "28000", e);
    }
  }
}
