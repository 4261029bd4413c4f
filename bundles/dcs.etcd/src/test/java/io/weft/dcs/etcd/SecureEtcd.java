package io.weft.dcs.etcd;

import io.weft.support.http.HttpServers;
import io.weft.support.http.PemTls;
import io.weft.testkit.Await;
import io.weft.testkit.FakeAuthority;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FreePorts;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real etcd that speaks TLS only, with certificates of an authority of its own. */
final class SecureEtcd implements AutoCloseable {

  static final String PASSWORD = "s3cret of weft";

  final FakeAuthority authority = new FakeAuthority("etcd authority");
  final Path directory = ServerProcess.temporaryDirectory("weft-etcd-tls");
  private final int port;
  private final ServerProcess server;
  private final RealTime time = new RealTime();
  private final FakeSecrets secrets = new FakeSecrets();
  private final List<EtcdDcs> clients = new ArrayList<>();

  /**
   * @param host what its certificate is for; it listens on 127.0.0.1
   * @param more arguments
   */
  SecureEtcd(String host, String... more) {
    Path program = ServerProcess.require("etcd");
    List<Integer> ports = FreePorts.tcp(2);
    port = ports.get(0);
    authority.issue("etcd", host).write(directory, "server");
    authority.write(directory.resolve("ca.crt"));
    String url = "https://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + ports.get(1);
    List<String> words = new ArrayList<>(List.of(program.toString(), "--name", "one", "--data-dir",
        directory.resolve("data").toString(), "--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls",
        peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "one=" + peer, "--log-level", "error",
        "--cert-file", "server.crt", "--key-file", "server.key"));
    words.addAll(List.of(more));
    server = ServerProcess.start(directory, words, port);
    secrets.put("secret:file/etcd", PASSWORD + "\n");
    secrets.put("secret:file/wrong", "not " + PASSWORD);
  }

  FakeSecrets secrets() {
    return secrets;
  }

  /** Makes etcd ask everybody who they are; user weft may use the keys of fabric demo, and nothing else. */
  void askForPasswords() {
    HttpServers servers = new HttpServers(List.of(URI.create("https://127.0.0.1:" + port)), Duration.ofSeconds(5),
        PemTls.context(authority.pem().getBytes(StandardCharsets.US_ASCII), null, null), Runnable::run);
    EtcdApi api = new EtcdApi(servers, "", () -> "", Runnable::run);
    Await.until("etcd to take users", Duration.ofSeconds(60),
        () -> api.call("/v3/auth/user/add", Map.of("name", "root", "password", "r00t")).handle((r, e) -> e == null).join());
    call(api, "/v3/auth/user/grant", Map.of("user", "root", "role", "root"));
    call(api, "/v3/auth/user/add", Map.of("name", "weft", "password", PASSWORD));
    call(api, "/v3/auth/role/add", Map.of("name", "weft"));
    EtcdJson json = new EtcdJson("weft/demo/");
    call(api, "/v3/auth/role/grant", Map.of("name", "weft",
        "perm", Map.of("permType", "READWRITE", "key", json.encodeKey(""), "range_end", json.encodeRangeEnd(""))));
    call(api, "/v3/auth/user/grant", Map.of("user", "weft", "role", "weft"));
    call(api, "/v3/auth/enable", Map.of());
  }

  private static void call(EtcdApi api, String path, Map<String, ?> body) {
    api.call(path, body).orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** A client that trusts the authority, but for what is said. */
  EtcdDcs client(Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(Map.of("endpoints", new String[] {"https://127.0.0.1:" + port}, "timeout_ms", 5_000,
        "ca", directory.resolve("ca.crt").toString()));
    values.putAll(more);
    EtcdDcs dcs = new EtcdDcs(FakeConfig.of(EtcdConfig.class, values), new FakeNode(new FakeIdentity("demo", "n"), "demo", 1),
        secrets, time, time);
    clients.add(dcs);
    return dcs;
  }

  int port() {
    return port;
  }

  void restart() {
    server.kill();
    server.start();
  }

  @Override
  public void close() {
    clients.forEach(EtcdDcs::close);
    server.close();
    time.close();
  }
}
