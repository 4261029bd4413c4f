package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.PairReport;
import io.weft.path.PathReport;
import io.weft.path.ice.check.Credentials;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.testkit.FormationIdentity;
import io.weft.testkit.ManualTime;
import io.weft.testkit.network.VirtualHost;
import io.weft.testkit.network.VirtualNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member of the fabric that names addresses which are not its own, or more than anybody has. */
class HostileCandidatesTest {

  private static final long OFFER = 7;

  private final ManualTime time = new ManualTime();
  private final VirtualNetwork network = new VirtualNetwork(time, 1);
  private final VirtualNode node = new VirtualNode("a", time, network.host("a", "203.0.113.1"),
      new VirtualHub(network.host("hub", "198.51.100.10")), 1);
  private final VirtualNode other = new VirtualNode("b", time, network.host("b", "203.0.113.2"),
      new VirtualHub(network.host("hub2", "198.51.100.20")), 1);

  @BeforeEach
  void offer() {
    VirtualNode.introduce(node, other); // What the node answers goes to the real b, which knows nothing of it.
    Credentials credentials = Credentials.draw(new SplittableRandom(1));
    say(SignalType.auth, new Description(credentials, 5, 0, 0, "", "", "", NatKind.unknown).encode());
  }

  private void say(SignalType type, byte[] data) {
    node.sessions.received(FormationIdentity.of("a secret of this test", "test", "b").self(), new Signal(type, OFFER, data));
  }

  private void name(List<String> ips, int port) {
    say(SignalType.candidate, Notes.encode(ips.stream()
        .map(ip -> new RemoteAddress(CandidateKind.host, new InetSocketAddress(ip, port), 1)).toList()));
  }

  private PathReport report() {
    return node.sessions.report("b").orElseThrow();
  }

  private List<Integer> listening(String ip, int port) {
    List<Integer> heard = new ArrayList<>();
    VirtualHost victim = network.host("at " + ip, ip);
    victim.bind(port, (payload, from) -> heard.add(payload.length));
    return heard;
  }

  @Test
  void noPacketGoesWhereAPeerMustNotSendUs() {
    List<Integer> metadata = listening("100.100.100.200", 7_450);
    List<Integer> linkLocal = listening("169.254.169.254", 7_450);
    List<Integer> inside = listening("10.9.9.9", 7_450);
    List<Integer> service = listening("198.51.100.99", 443);
    List<Integer> fair = listening("198.51.100.77", 7_450);
    name(List.of("100.100.100.200", "169.254.169.254", "10.9.9.9", "127.0.0.1", "224.0.0.1", "0.0.0.0", "198.51.100.77"), 7_450);
    name(List.of("198.51.100.99"), 443);
    time.advance(Duration.ofSeconds(5));
    name(List.of("203.0.113.1"), 7_450);
    time.advance(Duration.ofSeconds(2));

    assertThat(metadata).isEmpty();
    assertThat(linkLocal).isEmpty();
    assertThat(inside).isEmpty();
    assertThat(service).isEmpty();
    assertThat(fair).as("or the test proves nothing").isNotEmpty();
    for (String why : List.of("metadata", "link_local", "other_scope", "loopback", "own", "low_port")) {
      assertThat(node.counters.get(IceCounters.CANDIDATES_FILTERED + why)).as(why).isEqualTo(1);
    }
    assertThat(node.counters.get(IceCounters.CANDIDATES_FILTERED + "not_unicast")).isEqualTo(2);
    assertThat(report().pairs()).filteredOn(pair -> pair.state().equals("filtered")).extracting(PairReport::cause)
        .contains("filtered_metadata", "filtered_loopback", "filtered_own");
  }

  @Test
  void moreThanAnybodyHasAreCountedAndDropped() {
    for (int i = 0; i < 10; i++) {
      int block = i;
      name(IntStream.range(0, Notes.CANDIDATES_MAX).mapToObj(n -> "198.51." + (101 + block) + "." + (1 + n)).toList(), 7_450);
    }
    time.advance(Duration.ofSeconds(2));
    assertThat(report().remote()).hasSizeLessThanOrEqualTo(Notes.CANDIDATES_MAX);
    assertThat(report().pairs()).as("with each address, straight and through the relay").hasSize(32);
    assertThat(node.counters.get(IceCounters.CANDIDATES_OVER_LIMIT)).isEqualTo(9 * Notes.CANDIDATES_MAX);
  }
}
