package io.weft.dcs.etcd;

import static io.weft.testkit.dcs.DcsAnswers.awaitServed;
import static io.weft.testkit.dcs.DcsAnswers.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.testkit.Await;
import io.weft.testkit.FakeAuthority;
import io.weft.testkit.dcs.DcsAnswers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** TLS with an authority of our own, users and certificates, against a real etcd; what is wrong is one clear line. */
class EtcdSecurityTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Map<String, Object> WEFT = Map.of("user", "weft", "password", "secret:file/etcd");

  @Test
  void aUserDoesEverythingOverTls() throws Exception {
    try (SecureEtcd etcd = new SecureEtcd("127.0.0.1")) {
      etcd.askForPasswords();
      Dcs dcs = etcd.client(WEFT);
      List<String> seen = new CopyOnWriteArrayList<>();
      awaitServed(dcs);
      try (var watch = dcs.watch("app/", 0, new Seen(seen))) {
        Session session = done(dcs.open("s", Duration.ofMinutes(5)));
        assertThat(done(dcs.put("app/flag", new byte[] {1}, Expect.absent(), session)).isDone()).isTrue();
        Await.until("the watch to tell", SOON, () -> seen.contains("app/flag"));
        etcd.restart(); // which forgets who had signed in
        Await.until("writes after a restart", SOON,
            () -> done(dcs.put("app/later", new byte[] {2}, Expect.any(), null)).isDone());
        Await.until("the watch to go on", SOON, () -> seen.contains("app/later"));
        done(session.close());
        assertThat(done(dcs.get("app/flag", ReadMode.LINEARIZABLE))).isEmpty();
      }
      DcsStatus status = done(dcs.status());
      assertThat(status.authenticated()).contains(true);
      assertThat(status.encrypted()).contains(true);

      assertThat(failure(etcd.client(Map.of("user", "weft", "password", "secret:file/wrong"))))
          .isEqualTo("etcd: " + EtcdError.WRONG_PASSWORD);
      assertThat(failure(etcd.client(Map.of("user", "weft", "password", "secret:file/none"))))
          .isEqualTo("etcd: no password for user weft: dcs.etcd.password: no secret secret:file/none");
      assertThat(failure(etcd.client(Map.of()))).isEqualTo("etcd: " + EtcdError.WANTS_USER);
      Map<String, Object> elsewhere = Map.of("user", "weft", "password", "secret:file/etcd", "prefix", "other/");
      WriteResult refused = done(etcd.client(elsewhere).put("k", new byte[0], Expect.any(), null));
      assertThat(refused).isEqualTo(new WriteResult.Refused("etcd: " + EtcdError.MAY_NOT));
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    try (SecureEtcd etcd = new SecureEtcd("127.0.0.1")) {
      Path wrong = new FakeAuthority("another").write(etcd.directory.resolve("wrong.crt"));
      String line = "etcd: 127.0.0.1:" + etcd.port() + ": the certificate of the server is not of an authority that is trusted here (ca)";
      assertThat(failure(etcd.client(Map.of("ca", wrong.toString())))).isEqualTo(line);
      assertThat(failure(etcd.client(Map.of("ca", "")))).isEqualTo(line);
      assertThat(done(etcd.client(Map.of("ca", "")).put("k", new byte[0], Expect.any(), null)))
          .isEqualTo(new WriteResult.Refused(line));
      awaitServed(etcd.client(Map.of()));
      assertThat(done(etcd.client(Map.of()).status()).authenticated()).contains(false);
    }
  }

  @Test
  void aServerOfAnotherNameIsRefused() throws Exception {
    try (SecureEtcd etcd = new SecureEtcd("etcd.example.org")) {
      assertThat(failure(etcd.client(Map.of())))
          .isEqualTo("etcd: 127.0.0.1:" + etcd.port() + ": the certificate of the server is for another name or address");
    }
  }

  @Test
  void aServerMayAskForACertificate() throws Exception {
    try (SecureEtcd etcd = new SecureEtcd("127.0.0.1", "--client-cert-auth", "--trusted-ca-file", "ca.crt")) {
      FakeAuthority.Issued issued = etcd.authority.issue("node", "node.example.org");
      issued.write(etcd.directory, "client");
      etcd.secrets().put("secret:file/etcd-key", issued.key());
      Dcs dcs = etcd.client(Map.of("cert", etcd.directory.resolve("client.crt").toString(), "key", "secret:file/etcd-key"));
      awaitServed(dcs);
      assertThat(done(dcs.put("app/flag", new byte[] {1}, Expect.absent(), null)).isDone()).isTrue();
      assertThat(done(dcs.get("app/flag", ReadMode.LINEARIZABLE)).map(Entry::key)).contains("app/flag");
      assertThat(done(dcs.status()).authenticated()).as("whether it asks for a certificate is not known").isEmpty();

      assertThat(failure(etcd.client(Map.of()))).contains("the server refused TLS (").contains("it may want a certificate of ours");
    }
  }

  private static String failure(Dcs dcs) throws Exception {
    return DcsAnswers.failure(dcs, SecureEtcd.PASSWORD);
  }

  /** Keys that a watch told of. */
  private record Seen(List<String> keys) implements io.weft.dcs.Watcher {

    @Override
    public void reset(io.weft.dcs.Snapshot snapshot) {
      keys.addAll(snapshot.entries().stream().map(Entry::key).toList());
    }

    @Override
    public void changed(List<io.weft.dcs.Change> changes) {
      keys.addAll(new ArrayList<>(changes).stream().map(io.weft.dcs.Change::key).toList());
    }
  }
}
