package io.weft.dcs.consul;

import io.weft.dcs.DcsStatus;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FreePorts;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import io.weft.testkit.TcpGate;
import io.weft.testkit.dcs.ConsulDouble;
import io.weft.testkit.dcs.DcsRig;
import io.weft.testkit.dcs.GatedClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A real Consul where CONSUL_BIN names one, else the double of the testkit. */
final class ConsulRig implements DcsRig {

  private final RealTime time = new RealTime();
  private final @Nullable ServerProcess real;
  private final @Nullable ConsulDouble imitated;
  private final int port;

  ConsulRig() {
    String program = System.getenv("CONSUL_BIN");
    if (program == null) {
      real = null;
      imitated = new ConsulDouble();
      port = imitated.port();
      return;
    }
    imitated = null;
    List<Integer> ports = FreePorts.tcp(5);
    port = ports.get(0);
    Path directory = ServerProcess.temporaryDirectory("weft-consul");
    real = ServerProcess.start(directory, List.of(Path.of(program).toString(), "agent", "-server", "-bootstrap-expect=1",
        "-bind=127.0.0.1", "-client=127.0.0.1", "-data-dir=" + directory.resolve("data"), "-http-port=" + port,
        "-dns-port=-1", "-server-port=" + ports.get(1), "-serf-lan-port=" + ports.get(2), "-serf-wan-port=" + ports.get(3),
        "-grpc-port=-1", "-log-level=warn"), port);
    ConsulDcs dcs = dcs(port);
    Await.until("Consul to serve", Duration.ofSeconds(60), () -> {
      try {
        return dcs.status().toCompletableFuture().join().state() == DcsStatus.State.SERVING;
      } catch (CompletionException e) {
        return false;
      }
    });
    dcs.close();
  }

  @Override
  public String server() {
    return real == null ? "a double of Consul in memory" : "Consul";
  }

  @Override
  public Client client() {
    TcpGate gate = new TcpGate(port);
    ConsulDcs dcs = dcs(gate.port());
    return new GatedClient(dcs, dcs::close, List.of(gate));
  }

  private ConsulDcs dcs(int at) {
    Map<String, Object> values = Map.of("endpoints", new String[] {"http://127.0.0.1:" + at}, "timeout_ms", 2_000);
    return new ConsulDcs(FakeConfig.of(ConsulConfig.class, values), new FakeNode(new FakeIdentity("demo", "n"), "demo", 1),
        new FakeSecrets(), time, time);
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(10);
  }

  @Override
  public void close() {
    if (real != null) {
      real.close();
    }
    if (imitated != null) {
      imitated.close();
    }
    time.close();
  }
}
