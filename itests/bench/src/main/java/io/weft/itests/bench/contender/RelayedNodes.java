package io.weft.itests.bench.contender;

import io.weft.itests.bench.Wire;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Two nodes of ours that may only talk through a third, which is relay and broker and stands beside {@code b}. */
public final class RelayedNodes implements Contender {

  private static final String BROKER = Wire.ADDRESS_B + ":7000";
  private static final String RELAY = Wire.ADDRESS_B + ":3478";

  private final NodeProcess hub;
  private final NodeProcess a;
  private final NodeProcess b;

  public RelayedNodes(Wire wire, int... ports) {
    // The addresses of the wire are private, and those of b are the hub's own, too.
    NodeConfig configHub = new NodeConfig("relay-hub", Wire.ADDRESS_B + ":7460")
        .line("signaling.server: {listen: \"" + BROKER + "\"}")
        .line("relay: {listen: \"" + RELAY + "\", allow.ranges: [\"10.99.0.0/24\"]}");
    NodeConfig configA = member("relayed-a", Wire.ADDRESS_A, "relayed-b");
    NodeConfig configB = member("relayed-b", Wire.ADDRESS_B, "relayed-a");
    for (int port : ports) {
      configB.expose("port-" + port, "tcp", "127.0.0.1:" + port, "relayed-a");
      configA.forward("port-" + port, "relayed-b", "tcp", "127.0.0.1:" + port);
    }
    hub = new NodeProcess(configHub, wire.directory(), wire.insideB());
    a = new NodeProcess(configA, wire.directory(), wire.insideA());
    b = new NodeProcess(configB, wire.directory(), wire.insideB());
    hub.start().awaitReady();
    a.start();
    b.start();
    a.awaitLinks("relayed-b");
    b.awaitLinks("relayed-a");
  }

  private static NodeConfig member(String name, String address, String peer) {
    return new NodeConfig(name, address + ":7461")
        .line("peers: [{name: " + peer + "}]")
        .line("signaling: [\"http://" + BROKER + "\"]")
        .line("relays: [{url: \"turn:" + RELAY + "\", secret: \"secret:formation/relay\"}]")
        .line("path.ice: {policy: relay_only, private.addresses: all}");
  }

  /** What the relay carried towards peers and clients so far. */
  public long bytesCarried() {
    try {
      Map<?, ?> status = (Map<?, ?>) JsonReader.read(hub.ask("relay:status", "--json").out());
      Map<?, ?> counters = (Map<?, ?>) status.get("counters");
      return ((Number) counters.get("bytes_to_peers")).longValue() + ((Number) counters.get("bytes_to_clients")).longValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "weft, relayed";
  }

  @Override
  public Collection<ProcessHandle> processes() {
    return Stream.of(a, b, hub).map(node -> ProcessHandle.of(node.pid()).orElseThrow()).toList();
  }

  @Override
  public void close() {
    List.of(a, b, hub).forEach(NodeProcess::close);
  }
}
