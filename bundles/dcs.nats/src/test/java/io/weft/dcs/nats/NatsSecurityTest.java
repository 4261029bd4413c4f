package io.weft.dcs.nats;

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
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FreePorts;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import io.weft.testkit.dcs.DcsAnswers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TLS with an authority of our own, and users, against a real server; what is wrong is one clear line. */
class NatsSecurityTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PASSWORD = "s3cret-of-weft";
  private static final Map<String, Object> WEFT = Map.of("user", "weft", "password", "secret:file/nats");

  private final FakeAuthority authority = new FakeAuthority("nats authority");
  private final Path directory = ServerProcess.temporaryDirectory("weft-nats-tls");
  private final RealTime time = new RealTime();
  private final FakeSecrets secrets = new FakeSecrets();
  private final List<NatsDcs> clients = new ArrayList<>();
  private final int port = FreePorts.tcp(1).get(0);
  private ServerProcess server;

  @AfterEach
  void close() {
    clients.forEach(NatsDcs::close);
    if (server != null) {
      server.close();
    }
    time.close();
  }

  @Test
  void aUserDoesEverythingOverTls() throws Exception {
    start("127.0.0.1");
    Dcs dcs = client("tls", WEFT);
    awaitServed(dcs);
    Session session = done(dcs.open("s", Duration.ofMinutes(5)));
    assertThat(done(dcs.put("app/flag", new byte[] {1}, Expect.absent(), session)).isDone()).isTrue();
    Await.until("the key to be read", SOON, () -> done(dcs.get("app/flag", ReadMode.STALE)).map(Entry::key).isPresent());
    server.kill();
    server.start();
    Await.until("writes after a restart", SOON, () -> done(dcs.put("app/later", new byte[] {2}, Expect.any(), null)).isDone());
    done(session.close());
    DcsStatus status = done(dcs.status());
    assertThat(status.authenticated()).contains(true);
    assertThat(status.encrypted()).contains(true);

    assertThat(failure(client("tls", Map.of("user", "weft", "password", "secret:file/wrong")))).isEqualTo("nats: " + NatsProblems.REFUSED);
    assertThat(failure(client("tls", Map.of()))).isEqualTo("nats: " + NatsProblems.REFUSED);
    assertThat(failure(client("tls", Map.of("user", "weft", "password", "secret:file/none"))))
        .isEqualTo("nats: dcs.nats.password: no secret secret:file/none");
    assertThat(done(client("tls", Map.of()).put("k", new byte[0], Expect.any(), null)))
        .isEqualTo(new WriteResult.Refused("nats: " + NatsProblems.REFUSED));
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    start("127.0.0.1");
    Path wrong = new FakeAuthority("another").write(directory.resolve("wrong.crt"));
    Map<String, Object> config = new HashMap<>(WEFT);
    config.put("ca", wrong.toString());
    assertThat(failure(client("tls", config)))
        .isEqualTo("nats: the certificate of the server is not of an authority that is trusted here (ca)");
    config.put("ca", directory.resolve("none.crt").toString());
    assertThat(failure(client("tls", config))).startsWith("nats: dcs.nats.ca: the file cannot be used: ");
  }

  @Test
  void aServerOfAnotherNameIsRefused() throws Exception {
    start("localhost");
    assertThat(failure(client("tls", WEFT))).isEqualTo("nats: the certificate of the server is for another name or address");
    Map<String, Object> byName = new HashMap<>(WEFT);
    byName.put("servers", new String[] {"tls://localhost:" + port});
    awaitServed(client("tls", byName));
  }

  /** nats:// means that TLS is not asked for; a server that insists on it must not get the password without it. */
  @Test
  void aServerThatInsistsOnTlsGetsNoPasswordWithoutIt() throws Exception {
    start("127.0.0.1");
    String line = failure(client("nats", WEFT));
    assertThat(line).startsWith("nats: ").hasSizeLessThan(200);
  }

  private void start(String host) {
    authority.issue("nats", host).write(directory, "server");
    authority.write(directory.resolve("ca.crt"));
    secrets.put("secret:file/nats", PASSWORD + "\n");
    secrets.put("secret:file/wrong", "not " + PASSWORD);
    server = ServerProcess.start(directory, List.of(ServerProcess.require("nats-server").toString(), "--js", "--store_dir",
        directory.toString(), "--addr", "127.0.0.1", "--port", Integer.toString(port), "--user", "weft", "--pass", PASSWORD,
        "--tls", "--tlscert", "server.crt", "--tlskey", "server.key"), port);
  }

  private NatsDcs client(String scheme, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(Map.of("servers", new String[] {scheme + "://127.0.0.1:" + port}, "replicas", 1,
        "discover", false, "timeout_ms", 5_000, "ca", directory.resolve("ca.crt").toString()));
    values.putAll(more);
    NatsDcs dcs = new NatsDcs(FakeConfig.of(NatsConfig.class, values), new FakeNode(new FakeIdentity("demo", "n"), "demo", 1),
        secrets, time, time);
    clients.add(dcs);
    return dcs;
  }

  private static String failure(Dcs dcs) throws Exception {
    return DcsAnswers.failure(dcs, PASSWORD);
  }
}
