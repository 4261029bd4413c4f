package io.weft.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.HealthStatus;
import io.weft.store.StoreUnavailable;
import io.weft.testkit.Await;
import io.weft.testkit.FakeAuthority;
import io.weft.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL that is there already, over TLS with an authority of our own; what is wrong is one clear line. */
class ExternalServerTest {

  private static final String PASSWORD = "s3cret of the store";
  private static final FakeAuthority AUTHORITY = new FakeAuthority("store authority");

  private static PostgresServer server;
  private static StoreRig rig;
  private static Path authority;

  /** Begun together, since each of them tries for some seconds. */
  private static final Map<String, PostgresStore> REFUSED = new HashMap<>();

  /** Who comes without TLS or without the password is not let in. */
  @BeforeAll
  static void start() throws Exception {
    server = new PostgresServer("fsync=off");
    rig = new StoreRig();
    AUTHORITY.issue("postgres", "127.0.0.1").write(server.directory(), "server");
    authority = AUTHORITY.write(server.directory().resolve("authority.crt"));
    admin("CREATE ROLE weft LOGIN PASSWORD '" + PASSWORD + "'", "CREATE DATABASE weft OWNER weft",
        "ALTER SYSTEM SET ssl_cert_file = '" + server.directory().resolve("server.crt") + "'",
        "ALTER SYSTEM SET ssl_key_file = '" + server.directory().resolve("server.key") + "'", "ALTER SYSTEM SET ssl = on");
    Files.writeString(server.data().resolve("pg_hba.conf"), "hostssl weft weft 127.0.0.1/32 scram-sha-256\n");
    server.own();
    server.crash();
    rig.secrets().put("secret:file/db", PASSWORD + "\n");
    rig.secrets().put("secret:file/wrong", "not " + PASSWORD);
    Path other = new FakeAuthority("another").write(server.directory().resolve("another.crt"));
    refused("wrong password", "127.0.0.1", "verify-full", Map.of("password", "secret:file/wrong"));
    refused("no password", "127.0.0.1", "verify-full", Map.of("password", "secret:file/none"));
    refused("another authority", "127.0.0.1", "verify-full&sslrootcert=" + other, Map.of());
    refused("no authority", "127.0.0.1", "verify-full&sslrootcert=/nowhere/db.pem", Map.of());
    refused("another name", "localhost", "verify-full", Map.of());
    refused("no TLS", "127.0.0.1", "disable", Map.of());
  }

  private static void refused(String why, String host, String mode, Map<String, Object> more) {
    REFUSED.put(why, rig.begin(values(host, mode, more)));
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static void admin(String... statements) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.url());
    try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void everythingGoesOverTlsAndHealthSaysSo() throws Exception {
    PostgresStore store = rig.open(values("127.0.0.1", "verify-full", Map.of()));
    StoreRig.execute(store, "CREATE TABLE entry (id int); INSERT INTO entry VALUES (1)");
    assertThat(StoreRig.query(store, "SELECT count(*) FROM entry")).isEqualTo("1");
    assertThat(StoreRig.query(store, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).isEqualTo("true");
    try (Connection connection = store.dedicated("lock"); Statement statement = connection.createStatement()) {
      assertThat(statement.execute("SELECT pg_advisory_lock(1)")).isTrue();
    }
    assertThat(store.info().address()).isEqualTo("127.0.0.1:" + server.port() + "/weft");
    assertThat(store.check()).anyMatch(r -> r.name().equals("store-authenticated") && r.status() == HealthStatus.ok);
    assertThat(store.check()).as("fsync is off there").anyMatch(r -> r.name().equals("store-synced") && r.status() == HealthStatus.warn);
    assertThat(store.check().toString() + store.info()).doesNotContain(PASSWORD);
  }

  @Test
  void aWrongPasswordIsOneLine() {
    assertThat(refusal("wrong password")).isEqualTo("it refuses the user or the password (store.postgres.user, "
        + "store.postgres.password): FATAL: password authentication failed for user \"weft\"");
    assertThat(refusal("no password")).isEqualTo("store.postgres.password: no secret secret:file/none");
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() {
    assertThat(refusal("another authority")).isEqualTo(
        "the certificate of the server is not of an authority that is trusted here (sslrootcert in store.postgres.url)");
  }

  @Test
  void anAuthorityThatIsNotThereIsNamed() {
    assertThat(refusal("no authority")).contains("/nowhere/db.pem");
  }

  /** Its certificate is for 127.0.0.1. */
  @Test
  void aServerOfAnotherNameIsRefused() {
    assertThat(refusal("another name")).contains("localhost");
    assertThat(rig.open(values("localhost", "verify-ca", Map.of())).info().reachable()).isTrue();
  }

  @Test
  void aServerThatInsistsOnTlsSaysSo() {
    assertThat(refusal("no TLS")).startsWith("it refuses the user or the password").contains("no encryption");
  }

  /** What commands and health say; nothing of it is more than a line, and the password is in none. */
  private static String refusal(String why) {
    PostgresStore store = REFUSED.get(why);
    assertThatThrownBy(() -> store.dedicated("test")).isInstanceOf(StoreUnavailable.class);
    Await.until("health to say so", StoreRig.SOON, () -> store.check().get(0).status() == HealthStatus.critical);
    String message = store.check().get(0).message();
    assertThat(message).doesNotContain("\n").doesNotContain(PASSWORD);
    assertThatThrownBy(() -> store.dedicated("test")).hasMessage(message);
    return message;
  }

  private static Map<String, Object> values(String host, String mode, Map<String, Object> more) {
    String root = mode.contains("sslrootcert") ? "" : "&sslrootcert=" + authority;
    Map<String, Object> values = new HashMap<>(Map.of("user", "weft", "password", "secret:file/db",
        "url", "jdbc:postgresql://" + host + ":" + server.port() + "/weft?sslmode=" + mode + root));
    values.putAll(more);
    return values;
  }
}
