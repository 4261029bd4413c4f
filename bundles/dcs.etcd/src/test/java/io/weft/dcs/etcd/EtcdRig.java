package io.weft.dcs.etcd;

import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FreePorts;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import io.weft.testkit.TcpGate;
import io.weft.testkit.dcs.DcsRig;
import io.weft.testkit.dcs.GatedClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A real etcd of one member on loopback. */
final class EtcdRig implements DcsRig {

  private final ServerProcess server;
  private final int port;
  private final RealTime time = new RealTime();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String version;

  EtcdRig() throws Exception {
    Path program = ServerProcess.require("etcd");
    List<Integer> ports = FreePorts.tcp(2);
    port = ports.get(0);
    String url = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + ports.get(1);
    Path directory = ServerProcess.temporaryDirectory("weft-etcd");
    server = ServerProcess.start(directory, List.of(program.toString(), "--name", "one", "--data-dir",
        directory.resolve("data").toString(),
        "--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", peer, "--initial-advertise-peer-urls",
            peer,
        "--initial-cluster", "one=" + peer, "--log-level", "error"), port);
    awaitServing();
    version = post("/v3/maintenance/status", "{}").replaceAll("(?s).*\"version\":\"([^\"]*)\".*", "$1");
  }

  @Override
  public String server() {
    return "etcd " + version;
  }

  @Override
  public Client client() {
    TcpGate gate = new TcpGate(port);
    Map<String, Object> values = Map.of("endpoints", new String[] {"http://127.0.0.1:" + gate.port()}, "timeout_ms", 2_000);
    EtcdDcs dcs = new EtcdDcs(FakeConfig.of(EtcdConfig.class, values), new FakeNode(new FakeIdentity("demo", "n"), "demo", 1),
        new FakeSecrets(), time, time);
    return new GatedClient(dcs, dcs::close, List.of(gate));
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Override
  public boolean canRestart() {
    return true;
  }

  @Override
  public void restart() throws Exception {
    server.kill();
    server.start();
    awaitServing();
  }

  @Override
  public boolean canCompact() {
    return true;
  }

  @Override
  public void compact() throws Exception {
    String revision = post("/v3/kv/range", "{\"key\":\"AA==\"}").replaceAll("(?s).*\"revision\":\"(\\d+)\".*", "$1");
    post("/v3/kv/compaction", "{\"revision\":\"" + revision + "\",\"physical\":true}");
  }

  @Override
  public void close() {
    server.close();
    time.close();
  }

  private void awaitServing() {
    Await.until("etcd to serve", Duration.ofSeconds(30), () -> {
      try {
        return post("/v3/kv/range", "{\"key\":\"AA==\"}").contains("revision");
      } catch (IOException e) {
        return false;
      }
    });
  }

  private String post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(5)).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
