package io.weft.dcs.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables and functions, and their names. */
final class PgLayout {

  private static final long LAYOUT_LOCK = 0x77656674_64637301L;

  private final String schema;
  private final String channel;

  /** @param schema as configured; at most 50 characters */
  PgLayout(String schema) {
    if (schema.isEmpty() || schema.length() > 50 || schema.chars().anyMatch(c -> c < 0x21 || c > 0x7e
        || c == '"' || c == '\'' || c == '$')) {
      throw new IllegalArgumentException("dcs.postgres.schema: 1 to 50 printable ASCII characters without quotes, blanks and "
          + "dollars");
    }
    this.schema = '"' + schema + '"';
    this.channel = schema + "_dcs";
  }

  /** The name that notifications come by. */
  String channel() {
    return channel;
  }

  /** A statement with the schema in place of the word SCHEMA. */
  String sql(String template) {
    return template.replace("SCHEMA.", schema + ".").replace("SCHEMA;", schema + ";").replace("CHANNEL", channel);
  }

  /** Makes what is not there. Several clients may do so at once. */
  void create(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + LAYOUT_LOCK + ")");
      statement.execute(sql(resource()));
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static String resource() {
    try (InputStream in = PgLayout.class.getResourceAsStream("layout.sql")) {
      if (in == null) {
        throw new IllegalStateException("layout.sql is missing in the bundle");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
