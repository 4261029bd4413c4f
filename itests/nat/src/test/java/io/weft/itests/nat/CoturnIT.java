package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.lab.NatFabric;
import io.weft.itests.lab.SteadyTransfer;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Somebody else's relay in the place of ours. */
class CoturnIT extends PairFabric {

  /** As in the file. */
  private static final String SECRET = "labsecret";

  private static final Path CONFIG = Distribution.root().resolve("itests/natlab/turnserver.conf");

  private Process coturn;
  private Path folder;

  @Override
  @BeforeAll
  void start() {
    Machine.needs("turnserver", "turnutils_stunclient");
    super.start();
  }

  @Override
  void started() {
    try {
      folder = Files.createTempDirectory("coturn");
      coturn = fabric.lab().command(NatFabric.HUB, "turnserver", "-c", CONFIG.toString(), "--userdb=" + folder.resolve("turndb"),
          "--pidfile=" + folder.resolve("pid")).start(folder.resolve("log"));
      // By itself it waits for ever.
      Command asks = fabric.lab().command(NatFabric.HUB, "timeout", "1", "turnutils_stunclient", "-p", "3478", NatFabric.HUB_ADDRESS);
      Await.until("coturn", Duration.ofSeconds(30), () -> asks.run().out().contains("UDP reflexive"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  @AfterAll
  void stop() {
    if (coturn != null) {
      coturn.destroyForcibly();
    }
    super.stop();
  }

  @Override
  Consumer<NodeConfig> configure() {
    return node -> {
      if (node.name().equals(NatFabric.HUB)) {
        node.clearLines().line(NatFabric.BROKER_LINE);
      } else {
        node.secret("coturn", SECRET);
        node.clearLines().line(NatFabric.SIGNALING_LINE)
            .line("relays: [{url: \"turn:" + NatFabric.HUB_ADDRESS + ":3478\", secret: \"secret:file/coturn\"}, "
                + "{url: \"turn:" + NatFabric.HUB_ADDRESS + ":3478?transport=tcp\", secret: \"secret:file/coturn\"}]");
      }
    };
  }

  @Test
  void relaysForOurNodes() {
    lab().fault("partition", "r1", "peer=r2");
    link("relayed");
    try (SteadyTransfer transfer = transfer()) {
      transfer.awaitMore(4 << 20, Duration.ofSeconds(20));
      assertThat(lab().dropped("r1").up() + lab().dropped("r1").down()).as("the cut is real").isPositive();
      transfer.endWhole();
    }
  }

  @Test
  void isReachedOverTcpWhereUdpIsBlocked() {
    lab().fault("udp", "r1", "off");
    link("relayed");
    assertThat(lab().dropped("r1").udp()).isPositive();
  }

  @Test
  void tellsOurNodesWhereTheyAre() {
    link("direct");
    assertThat(List.of(fabric.route("a", "b").remote(), fabric.route("b", "a").remote())).doesNotContain("relay");
  }
}
