package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.directory.Peer;
import io.weft.path.Candidate;
import io.weft.path.ice.CandidateFilter.PrivateAddresses;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FormationIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers relay for others when they say so; what they say is not believed blindly. */
class RelayOfferTest {

  private static final String URL = "turn:203.0.113.7:3478";
  private final CandidateFilter filter = new CandidateFilter(false, PrivateAddresses.scoped);

  private static Peer peer(Map<String, String> labels, Candidate... candidates) {
    return new Peer(FormationIdentity.of("a secret of this test", "test", "c").self(), List.of(candidates), labels, List.of("static"));
  }

  private RelayOffer said(String url, Candidate... candidates) {
    return RelayOffer.of(List.of(peer(Map.of(), candidates)), Map.of("c", Map.of("relay", url, "area", "eu")), filter).get(0);
  }

  @Test
  void aPeerRelaysWhenItSaysSoOverItsLink() {
    RelayOffer offer = said(URL);
    assertThat(offer.problem()).isEmpty();
    FakeSecrets secrets = new FakeSecrets();
    secrets.put("secret:formation/relay", "of the formation");
    RelayChoice choice = RelayChoice.of(List.of(), List.of(offer), secrets, "a");
    assertThat(choice.relays()).singleElement().satisfies(relay -> {
      assertThat(relay.source()).isEqualTo("c");
      assertThat(relay.area()).isEqualTo("eu");
      assertThat(relay.target()).isNotNull();
      assertThat(relay.problem()).isEmpty();
    });
    assertThat(choice.stun()).hasSize(1);
  }

  @Test
  void nobodyRelaysWhoDoesNotSaySo() {
    assertThat(RelayOffer.of(List.of(peer(Map.of())), Map.of("d", Map.of("relay", URL)), filter)).isEmpty();
    assertThat(RelayOffer.of(List.of(peer(Map.of())), Map.of("c", Map.of("area", "eu")), filter)).isEmpty();
  }

  @Test
  void whatTheOperatorWroteCountsMoreAndIsBelieved() {
    List<RelayOffer> offers = RelayOffer.of(
        List.of(peer(Map.of("relay", "turn:10.0.0.9:3478"))), Map.of("c", Map.of("relay", URL)), filter);
    assertThat(offers).singleElement().satisfies(offer -> {
      assertThat(offer.url()).isEqualTo("turn:10.0.0.9:3478");
      assertThat(offer.problem()).isEmpty();
    });
  }

  @ParameterizedTest
  @CsvSource({
    "turn:127.0.0.1:3478, loopback",
    "turn:[::1]:3478, loopback",
    "turn:169.254.169.254:3478, link_local",
    "turn:100.100.100.200:3478, metadata",
    "turn:10.1.2.3:3478, other_scope",
    "turn:[::ffff:10.1.2.3]:3478, other_scope",
    "turn:224.0.0.1:3478, not_unicast",
    "turn:0.0.0.0:3478, not_unicast",
    "turn:203.0.113.7:25, low_port",
    "turn:relay.example.org:3478, by a name",
  })
  void aPeerMustNotMakeThisNodeCallItsOwnNetworkOrAStranger(String url, String why) {
    RelayOffer offer = said(url);
    assertThat(offer.spec()).isNull();
    assertThat(offer.problem()).contains(why);
    assertThat(RelayChoice.of(List.of(), List.of(offer), null, "a").relays()).singleElement()
        .satisfies(relay -> assertThat(relay.target()).isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"turn:10.0.0.9:3478", "turns:10.0.0.9:443"})
  void aPeerMayRelayWhereTheOperatorSaysThatItIs(String url) {
    assertThat(said(url, Candidate.udp("10.0.0.9", 7450)).problem()).isEmpty();
    assertThat(said(url, Candidate.udp("10.0.0.8", 7450)).problem()).contains("other_scope");
  }

  @Test
  void tlsOnItsUsualPortIsFine() {
    assertThat(said("turns:203.0.113.7:443").problem()).isEmpty();
  }

  @Test
  void nonsenseIsNamed() {
    assertThat(said("http://203.0.113.7").problem()).contains("expected stun:HOST:PORT");
  }
}
