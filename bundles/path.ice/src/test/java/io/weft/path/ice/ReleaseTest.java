package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Reason;
import io.weft.path.NatKind;
import io.weft.path.ice.check.Credentials;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.testkit.ManualTime;
import io.weft.testkit.network.NatBehaviour;
import io.weft.testkit.network.VirtualNat;
import io.weft.testkit.network.VirtualNetwork;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attempts that lead nowhere leave nothing behind: no checks, conduits, ports, names, questions or timers. All of it is counted. */
class ReleaseTest {

  private static final int MANY = 30;
  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  private final ManualTime time = new ManualTime();
  private final VirtualNetwork network = new VirtualNetwork(time, 3);
  private final VirtualNat natA = network.nat("r1", NatBehaviour.PORT_RESTRICTED, "203.0.113.1");
  private final VirtualNat natB = network.nat("r2", NatBehaviour.PORT_RESTRICTED, "203.0.113.2");
  private final VirtualHub hub = new VirtualHub(network.host("hub", "198.51.100.10"));
  private final VirtualNode a = new VirtualNode("a", time, natA.host("a", "10.1.0.2"), hub, 3).alone();
  private final VirtualNode b = new VirtualNode("b", time, natB.host("b", "10.2.0.2"), hub, 3).alone();

  ReleaseTest() {
    VirtualNode.introduce(a, b);
  }

  @AfterEach
  void noTimerIsLeft() {
    a.sessions.close(Reason.of("test"));
    b.sessions.close(Reason.of("test"));
    time.advance(Duration.ofSeconds(10));
    assertThat(time.pending()).as("timers").isZero();
  }

  private static void isFree(VirtualNode node) {
    assertThat(node.checker.running()).as("checks of %s", node.self.name()).isZero();
    assertThat(node.port.openConduits()).as("conduits of %s", node.self.name()).isZero();
    assertThat(node.port.open()).as("ports of %s", node.self.name()).isZero();
    assertThat(node.desk.held()).as("names and questions of %s", node.self.name()).isZero();
  }

  @Test
  void failedAttemptsAreFreed() {
    natA.up().cut("203.0.113.2");
    natA.down().cut("203.0.113.2");
    for (int i = 0; i < MANY; i++) {
      a.find();
      time.advance(ATTEMPT);
      assertThat(a.hasPath()).isFalse();
    }
    assertThat(a.checker.started()).as("attempts").isGreaterThanOrEqualTo(MANY);
    assertThat(a.counters.get(IceCounters.PORTS_OPENED)).as("further ports").isGreaterThanOrEqualTo(MANY);
    isFree(a);
    isFree(b);
  }

  @Test
  void supersededAttemptsAreFreed() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 1; i <= MANY; i++) {
      Description offer = new Description(Credentials.draw(random), i, 0, 0, "", "", "", NatKind.unknown);
      a.sessions.received(b.self, new Signal(SignalType.auth, i, offer.encode()));
      time.advance(Negotiation.GRACE.plusMillis(500));
      assertThat(a.checker.running()).as("only the latest is checked").isEqualTo(1);
      assertThat(a.port.openConduits()).isEqualTo(1);
    }
    assertThat(a.counters.get(IceCounters.ATTEMPTS_FAILED + "superseded")).isEqualTo(MANY - 1);
    time.advance(ATTEMPT);
    isFree(a);
  }

  @Test
  void searchesThatNobodyWantsAnyMoreAreFreed() {
    natA.up().cut("203.0.113.2");
    for (int i = 0; i < MANY; i++) {
      a.find();
      time.advance(Duration.ofSeconds(2));
      a.cancel();
      time.advance(ATTEMPT);
    }
    isFree(a);
    isFree(b);
  }
}
