package io.weft.itests.bench.contender;

import io.weft.itests.bench.Wire;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import java.util.Collection;
import java.util.List;

/** Two nodes of ours with one kind of congestion control, beside two with another. */
public final class CongestionPair implements Contender {

  private final String control;
  private final NodeProcess a;
  private final NodeProcess b;

  /**
   * @param control a value of {@code transport.quic.congestion.control}
   * @param wirePort for links, at both ends
   * @param port that is forwarded
   */
  public CongestionPair(Wire wire, String control, int wirePort, int port) {
    this.control = control;
    NodeConfig configA = new NodeConfig("a-" + control, Wire.ADDRESS_A + ":" + wirePort).transport(", congestion.control: " + control);
    NodeConfig configB = new NodeConfig("b-" + control, Wire.ADDRESS_B + ":" + wirePort).transport(", congestion.control: " + control);
    configA.peer(configB);
    configB.peer(configA);
    configB.expose("port-" + port, "tcp", "127.0.0.1:" + port, configA.name());
    configA.forward("port-" + port, configB.name(), "tcp", "127.0.0.1:" + port);
    a = new NodeProcess(configA, wire.directory(), wire.insideA());
    b = new NodeProcess(configB, wire.directory(), wire.insideB());
    a.start();
    b.start();
    a.awaitLinks(configB.name());
    b.awaitLinks(configA.name());
  }

  @Override
  public String name() {
    return "weft " + control;
  }

  @Override
  public Collection<ProcessHandle> processes() {
    return List.of(ProcessHandle.of(a.pid()).orElseThrow(), ProcessHandle.of(b.pid()).orElseThrow());
  }

  @Override
  public void close() {
    a.close();
    b.close();
  }
}
