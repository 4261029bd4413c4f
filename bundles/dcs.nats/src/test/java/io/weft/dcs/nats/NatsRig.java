package io.weft.dcs.nats;

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
import io.weft.testkit.dcs.DcsRig;
import io.weft.testkit.dcs.GatedClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Real servers on loopback that all keep everything. */
final class NatsRig implements DcsRig {

  private final List<ServerProcess> servers = new ArrayList<>();
  private final List<Integer> ports;
  private final RealTime time = new RealTime();
  private final String detail;

  NatsRig(Path program, int nodes) {
    this(program, nodes, true);
  }

  /** Servers that a client must refuse. */
  static NatsRig unsafe(Path program, int nodes) {
    return new NatsRig(program, nodes, false);
  }

  private NatsRig(Path program, int nodes, boolean serves) {
    List<Integer> all = FreePorts.tcp(2 * nodes);
    ports = all.subList(0, nodes);
    List<Integer> routes = all.subList(nodes, 2 * nodes);
    String others = routes.stream().map(p -> "nats://127.0.0.1:" + p).collect(Collectors.joining(","));
    for (int i = 0; i < nodes; i++) {
      Path directory = ServerProcess.temporaryDirectory("weft-nats");
      List<String> words = new ArrayList<>(List.of(program.toString(), "--js", "--store_dir", directory.toString(),
          "--addr", "127.0.0.1", "--port", Integer.toString(ports.get(i)), "--server_name", "n" + i));
      if (nodes > 1) {
        words.addAll(List.of("--cluster_name", "weft", "--cluster", "nats://127.0.0.1:" + routes.get(i), "--routes", others));
      }
      servers.add(ServerProcess.launch(directory, words, ports.get(i)));
    }
    servers.forEach(ServerProcess::awaitPort);
    detail = serves ? awaitServing() : "unsafe";
  }

  @Override
  public String server() {
    return detail;
  }

  @Override
  public Client client() {
    List<TcpGate> gates = ports.stream().map(TcpGate::new).toList();
    NatsDcs dcs = dcs(gates.stream().map(TcpGate::port).toList());
    return new GatedClient(dcs, dcs::close, gates);
  }

  private NatsDcs dcs(List<Integer> at) {
    return dcs(at, ports.size());
  }

  /** A client that makes the bucket, if it is not there, with so many replicas. */
  private NatsDcs dcs(List<Integer> at, int replicas) {
    Map<String, Object> values = Map.of("replicas", replicas, "servers", at.stream().map(p -> "nats://127.0.0.1:"
        + p).toArray(String[]::new),
        "discover", false,
        "timeout_ms", 2_000);
    return new NatsDcs(
        FakeConfig.of(NatsConfig.class, values), new FakeNode(new FakeIdentity("demo", "n"), "demo", 1), new FakeSecrets(), time,
            time);
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(3);
  }

  @Override
  public boolean canRestart() {
    return true;
  }

  @Override
  public void restart() {
    servers.forEach(ServerProcess::kill);
    servers.forEach(ServerProcess::launch);
    servers.forEach(ServerProcess::awaitPort);
    awaitServing();
  }

  @Override
  public void close() {
    servers.forEach(ServerProcess::close);
    time.close();
  }

  private String awaitServing() {
    NatsDcs dcs = dcs(ports);
    DcsStatus[] status = new DcsStatus[1];
    try {
      Await.until("the servers to serve", Duration.ofSeconds(60), () -> {
        try {
          status[0] = dcs.status().toCompletableFuture().join();
          return status[0].state() == DcsStatus.State.SERVING;
        } catch (CompletionException e) {
          return false;
        }
      });
      return status[0].detail().split(",")[0];
    } finally {
      dcs.close();
    }
  }
}
