package io.weft.dcs.postgres;

import static io.weft.testkit.dcs.DcsAnswers.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.testkit.FakeAuthority;
import io.weft.testkit.dcs.DcsAnswers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Passwords and TLS with an authority of our own, against a real server; what is wrong is one clear line. */
class PgSecurityTest {

  private static final String PASSWORD = "s3cret of weft";
  private static final FakeAuthority AUTHORITY = new FakeAuthority("postgres authority");
  private static PgRig rig;

  private final List<PgDcs> clients = new ArrayList<>();

  /** The user weft has to come over TLS and with a password; fsync is off, which the status has to say. */
  @BeforeAll
  static void start() throws Exception {
    rig = new PgRig("fsync=off");
    rig.execute("CREATE ROLE weft LOGIN PASSWORD '" + PASSWORD + "'");
    rig.execute("GRANT CREATE ON DATABASE postgres TO weft");
    AUTHORITY.issue("postgres", "127.0.0.1").write(rig.directory(), "server");
    AUTHORITY.write(rig.directory().resolve("ca.crt"));
    Path rules = rig.directory().resolve("data/pg_hba.conf");
    Files.writeString(rules, "hostssl all weft 127.0.0.1/32 scram-sha-256\nhost all postgres 127.0.0.1/32 trust\n");
    rig.ownedByPostgres();
    rig.execute("ALTER SYSTEM SET ssl_cert_file = '" + rig.directory().resolve("server.crt") + "'");
    rig.execute("ALTER SYSTEM SET ssl_key_file = '" + rig.directory().resolve("server.key") + "'");
    rig.execute("ALTER SYSTEM SET ssl = on");
    rig.restart();
    rig.secrets().put("secret:file/pg", PASSWORD + "\n");
    rig.secrets().put("secret:file/wrong", "not " + PASSWORD);
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @AfterEach
  void close() {
    clients.forEach(PgDcs::close);
  }

  @Test
  void aUserDoesEverythingOverTls() throws Exception {
    Dcs dcs = client("127.0.0.1", "verify-full", Map.of());
    Session session = done(dcs.open("s", Duration.ofMinutes(5)));
    assertThat(done(dcs.put("app/flag", new byte[] {1}, Expect.absent(), session)).isDone()).isTrue();
    assertThat(done(dcs.get("app/flag", ReadMode.LINEARIZABLE)).map(Entry::key)).contains("app/flag");
    done(session.close());
    assertThat(done(dcs.get("app/flag", ReadMode.LINEARIZABLE))).isEmpty();
    DcsStatus status = done(dcs.status());
    assertThat(status.authenticated()).contains(true);
    assertThat(status.encrypted()).contains(true);
    assertThat(status.synced()).contains(false);
    assertThat(status.replicas()).contains(1);
  }

  @Test
  void aWrongPasswordIsOneLine() throws Exception {
    assertThat(failure(client("127.0.0.1", "verify-full", Map.of("password", "secret:file/wrong")))).isEqualTo("postgres: it refuses the "
        + "user or the password (dcs.postgres.user, dcs.postgres.password): FATAL: password authentication failed for user \"weft\"");
    assertThat(failure(client("127.0.0.1", "verify-full", Map.of("password", "secret:file/none"))))
        .isEqualTo("postgres: dcs.postgres.password: no secret secret:file/none");
    WriteResult refused = done(client("127.0.0.1", "verify-full", Map.of("password", "secret:file/wrong"))
        .put("k", new byte[0], Expect.any(), null));
    assertThat(refused).isInstanceOf(WriteResult.Refused.class);
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    Path wrong = new FakeAuthority("another").write(Files.createTempFile("weft-wrong", ".crt"));
    try {
      assertThat(failure(client("127.0.0.1", "verify-full&sslrootcert=" + wrong, Map.of()))).isEqualTo("postgres: the certificate of the "
          + "server is not of an authority that is trusted here (sslrootcert in dcs.postgres.url)");
    } finally {
      Files.delete(wrong);
    }
  }

  @Test
  void aServerOfAnotherNameIsRefused() throws Exception {
    assertThat(failure(client("localhost", "verify-full", Map.of()))).startsWith("postgres: ").contains("localhost");
    assertThat(done(client("localhost", "verify-ca", Map.of()).status()).encrypted()).contains(true);
  }

  @Test
  void aServerThatInsistsOnTlsSaysSo() throws Exception {
    assertThat(failure(client("127.0.0.1", "disable", Map.of()))).startsWith("postgres: it refuses the user or the password")
        .contains("no pg_hba.conf entry").contains("no encryption");
  }

  @Test
  void whoAsksNobodyIsSaidToDoSo() throws Exception {
    PgDcs plain = rig.dcs(rig.port(), Map.of("url", rig.url(rig.port()) + "&sslmode=disable"));
    clients.add(plain);
    DcsStatus status = done(plain.status());
    assertThat(status.authenticated()).contains(false);
    assertThat(status.encrypted()).contains(false);
  }

  private PgDcs client(String host, String sslMode, Map<String, Object> more) {
    String root = sslMode.contains("sslrootcert") ? "" : "&sslrootcert=" + rig.directory().resolve("ca.crt");
    Map<String, Object> values = new HashMap<>(Map.of("user", "weft", "password", "secret:file/pg", "schema", "weft_secure",
        "url", "jdbc:postgresql://" + host + ":" + rig.port() + "/postgres?sslmode=" + sslMode + root, "timeout_ms", 5_000));
    values.putAll(more);
    PgDcs dcs = rig.dcs(rig.port(), values);
    clients.add(dcs);
    return dcs;
  }

  private static String failure(Dcs dcs) throws Exception {
    return DcsAnswers.failure(dcs, PASSWORD);
  }
}
