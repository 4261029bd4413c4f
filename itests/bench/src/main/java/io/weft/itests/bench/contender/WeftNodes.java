package io.weft.itests.bench.contender;

import io.weft.itests.bench.Wire;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import java.util.Collection;
import java.util.List;

/** Two nodes of ours; {@code a} forwards ports to services at {@code b}. */
public final class WeftNodes implements Contender {

  private final NodeProcess a;
  private final NodeProcess b;

  public WeftNodes(Wire wire, int... ports) {
    this(wire, "", ports);
  }

  /** @param settings of the transport, each {@code , KEY: VALUE} */
  public static WeftNodes with(Wire wire, String settings, int... ports) {
    return new WeftNodes(wire, settings, ports);
  }

  private WeftNodes(Wire wire, String settings, int[] ports) {
    NodeConfig configA = new NodeConfig("a", Wire.ADDRESS_A + ":7450");
    NodeConfig configB = new NodeConfig("b", Wire.ADDRESS_B + ":7450");
    configA.peer(configB);
    configB.peer(configA);
    configA.transport(settings);
    configB.transport(settings);
    for (int port : ports) {
      configB.expose("port-" + port, "tcp", "127.0.0.1:" + port, "a");
      configA.forward("port-" + port, "b", "tcp", "127.0.0.1:" + port);
    }
    a = new NodeProcess(configA, wire.directory(), wire.insideA());
    b = new NodeProcess(configB, wire.directory(), wire.insideB());
    a.start();
    b.start();
    a.awaitLinks("b");
    b.awaitLinks("a");
  }

  @Override
  public String name() {
    return "weft";
  }

  public NodeProcess a() {
    return a;
  }

  public NodeProcess b() {
    return b;
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
