package io.weft.discovery.basic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.discovery.DiscoverySource;
import io.weft.node.HealthResult;
import io.weft.path.Candidate;
import io.weft.testkit.DiscoverySourceContract;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StaticPeerTest extends DiscoverySourceContract {

  @Override
  protected DiscoverySource open() {
    return peer("192.0.2.7:7450", "[2001:db8::7]:7450");
  }

  @Test
  void keepsTheOrderOfAddresses() {
    Seen seen = new Seen();
    open().watch(seen);
    assertThat(seen.last().candidates()).containsExactly(Candidate.udp("192.0.2.7", 7450), Candidate.udp("2001:db8::7", 7450));
  }

  @Test
  void aPeerWithoutAddressesExists() {
    Seen seen = new Seen();
    peer().watch(seen);
    assertThat(seen.last().peer()).isEqualTo("b");
    assertThat(seen.last().candidates()).isEmpty();
  }

  @Test
  void passesLabelsAndTheVirtualAddress() {
    Seen seen = new Seen();
    new StaticPeer("b", new String[0], 17, new String[] {"site=home", "note=a=b"}).watch(seen);
    assertThat(seen.last().labels()).isEqualTo(Map.of("vip", "17", "site", "home", "note", "a=b"));
  }

  @Test
  void leavesOutWhatIsWrongAndSaysWhich() {
    StaticPeer peer = new StaticPeer("b", new String[] {"nonsense", "b.example.org:7450", "192.0.2.7:7450"}, 255, new String[] {"=x"});
    Seen seen = new Seen();
    peer.watch(seen);

    assertThat(seen.addresses()).containsExactly("udp:192.0.2.7:7450/host");
    HealthResult result = peer.check().get(0);
    assertThat(result.name()).isEqualTo("peers b");
    assertThat(result.message())
        .contains("'nonsense': expected host:port", "b.example.org:7450 is a name", "discovery.basic.dns", "vip 255", "label '=x'")
        .doesNotContain("\n");
    assertThat(peer().check()).isEmpty();
  }

  @Test
  void aBadNameIsSaidAndNothingIsSeen() {
    StaticPeer peer = new StaticPeer("B_b\n", new String[0], 0, new String[0]);
    Seen seen = new Seen();
    peer.watch(seen);
    assertThat(seen.all).isEmpty();
    assertThat(peer.check().get(0).message()).contains("name 'B_b?'");
  }

  @Test
  void isBounded() {
    String[] many = IntStream.range(0, 40).mapToObj(i -> "192.0.2." + i + ":7450").toArray(String[]::new);
    String[] labels = IntStream.range(0, 40).mapToObj(i -> "k" + i + "=v").toArray(String[]::new);
    Seen seen = new Seen();
    StaticPeer peer = new StaticPeer("b", many, 0, labels);
    peer.watch(seen);
    assertThat(seen.last().candidates()).hasSize(16);
    assertThat(seen.last().labels()).hasSize(32);
    assertThat(peer.check().get(0).message()).contains("more than 16 addresses", "more than 32 labels");
  }

  private static StaticPeer peer(String... addresses) {
    return new StaticPeer("b", addresses, 0, new String[0]);
  }
}
