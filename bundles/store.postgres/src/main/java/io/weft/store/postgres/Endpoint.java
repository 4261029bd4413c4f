package io.weft.store.postgres;

import io.weft.secret.Secrets;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where the server is now and how to sign in.
 *
 * @param url without a password
 * @param user empty: that of the URL
 * @param password asked for each time, so that a new one counts at once
 */
public record Endpoint(String url, String user, Password password) {

  /** Gives the password, or null if there is none. */
  @FunctionalInterface
  public interface Password {
    @Nullable String get() throws SQLException;
  }

  /** Says where the server is, or throws {@link io.weft.store.StoreUnavailable} with the reason why it cannot. */
  @FunctionalInterface
  public interface Locator {
    Endpoint now() throws SQLException;
  }

  /** As configured; its URL is empty if the node runs its own server. */
  public static Endpoint of(StoreConfig config, Secrets secrets) {
    return new Endpoint(config.url(), config.user(), config.password().isEmpty() ? () -> null
        : new StorePassword(config.password(), secrets));
  }

  /** Host, port and database, for people. */
  String address() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url);
    StringBuilder text = new StringBuilder();
    String[] hosts = source.getServerNames();
    int[] ports = source.getPortNumbers();
    for (int i = 0; i < hosts.length; i++) {
      text.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[i] == 0 ? 5432 : ports[i]);
    }
    return text.append('/').append(source.getDatabaseName()).toString();
  }

  /** A source of connections with the given name in {@code pg_stat_activity}. */
  PGSimpleDataSource source(Supplier<String> application, int timeoutMs) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url);
    if (!user.isEmpty()) {
      source.setUser(user);
    }
    String secret = password.get();
    if (secret != null) {
      source.setPassword(secret);
    }
    int seconds = (timeoutMs + 999) / 1_000;
    source.setConnectTimeout(seconds);
    source.setLoginTimeout(seconds);
    source.setTcpKeepAlive(true);
    source.setApplicationName(application.get());
    return source;
  }
}
