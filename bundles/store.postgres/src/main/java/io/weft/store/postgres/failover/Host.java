package io.weft.store.postgres.failover;

import io.weft.store.postgres.Endpoint;
import io.weft.store.postgres.PgErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One of the servers that the URL names, asked by itself.
 *
 * @param name {@code host:port}
 */
record Host(Endpoint endpoint, String host, int port, String database) {

  /** The database that every server has, from which the one with the books can be opened and closed. */
  private static final String OTHER = "postgres";

  private static final int CONNECT_SECONDS = 5;
  private static final int ANSWER_SECONDS = 90;

  static List<Host> all(Endpoint endpoint) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(endpoint.url());
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < source.getServerNames().length; i++) {
      int port = source.getPortNumbers()[i];
      hosts.add(new Host(endpoint, source.getServerNames()[i], port == 0 ? 5432 : port,
          String.valueOf(source.getDatabaseName())));
    }
    return hosts;
  }

  String name() {
    return host + ":" + port;
  }

  /** Something that is asked. */
  interface Question<T> {
    T of(Connection connection) throws SQLException;
  }

  /** On a connection of its own, in auto-commit, to the database that is always open. */
  <T> T ask(Question<T> question) throws NotProved {
    try (Connection connection = connect(OTHER)) {
      return question.of(connection);
    } catch (SQLException e) {
      throw new NotProved(name() + ": " + PgErrors.inWords(e), e);
    }
  }

  String text(String sql, String... arguments) throws NotProved {
    return ask(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < arguments.length; i++) {
          statement.setString(i + 1, arguments[i]);
        }
        try (ResultSet row = statement.executeQuery()) {
          return row.next() ? String.valueOf(row.getString(1)) : "";
        }
      }
    });
  }

  boolean is(String sql, String... arguments) throws NotProved {
    return text("SELECT (" + sql + ")::text", arguments).equals("true");
  }

  void allow(boolean connections) throws NotProved {
    ask(connection -> {
      try (PreparedStatement statement = connection.prepareStatement("ALTER DATABASE " + quoted() + " ALLOW_CONNECTIONS "
          + connections)) {
        return statement.execute();
      }
    });
  }

  private String quoted() {
    return '"' + database.replace("\"", "\"\"") + '"';
  }

  /** A connection to the database with the books, as a node would make it. */
  Connection books() throws SQLException {
    return connect(database);
  }

  private Connection connect(String name) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(endpoint.url());
    source.setProperty(PGProperty.TARGET_SERVER_TYPE, "any");
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(name);
    if (!endpoint.user().isEmpty()) {
      source.setUser(endpoint.user());
    }
    String password = endpoint.password().get();
    if (password != null) {
      source.setPassword(password);
    }
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    source.setApplicationName("weft-failover");
    return source.getConnection();
  }
}
