package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.ice.check.Credentials;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.testkit.Fuzz;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NotesTest {

  private static final List<RemoteAddress> SOME = List.of(
      new RemoteAddress(CandidateKind.host, new InetSocketAddress("192.0.2.7", 7450), 2_130_706_431),
      new RemoteAddress(CandidateKind.srflx, new InetSocketAddress("2001:db8::7", 7451), 1),
      new RemoteAddress(CandidateKind.relay, new InetSocketAddress("203.0.113.9", 50_000), 255));

  private static Description description() {
    return new Description(Credentials.draw(new Random(1)), -5, 3, 4, "home", "g1", "eu", NatKind.address_dependent);
  }

  @Test
  void candidatesComeBackAsTheyWere() {
    assertThat(Notes.decode(Notes.encode(SOME))).isEqualTo(SOME);
  }

  @Test
  void descriptionsComeBackAsTheyWere() {
    assertThat(Description.decode(description().encode())).isEqualTo(description());
  }

  @Test
  void refusesNamesTooManyAndWrongNumbers() {
    for (String bad : List.of(
        "{\"c\":[]}", "[]", "{\"c\":[{\"kind\":\"host\",\"ip\":\"example.org\",\"port\":1,\"prio\":1}]}",
        "{\"c\":[{\"kind\":\"host\",\"ip\":\"192.0.2.1\",\"port\":0,\"prio\":1}]}",
        "{\"c\":[{\"kind\":\"host\",\"ip\":\"192.0.2.1\",\"port\":70000,\"prio\":1}]}",
        "{\"c\":[{\"kind\":\"prflx\",\"ip\":\"192.0.2.1\",\"port\":7,\"prio\":1}]}",
        "{\"c\":[{\"kind\":\"host\",\"ip\":\"192.0.2.1\",\"port\":7,\"prio\":99999999999}]}")) {
      assertThatThrownBy(() -> Notes.decode(bad.getBytes(StandardCharsets.UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] many = Notes.encode(Collections.nCopies(Notes.CANDIDATES_MAX + 1, SOME.get(0)));
    assertThatThrownBy(() -> Notes.decode(many)).hasMessageContaining("16");
  }

  @Test
  void anyBytesAreCandidatesOrRefused() {
    new Fuzz(1, List.of(Notes.encode(SOME), Notes.encode(SOME.subList(0, 1))), 5_000)
        .run(100_000, IllegalArgumentException.class, input -> assertThat(Notes.decode(input)).isNotEmpty());
  }

  @Test
  void anyBytesAreADescriptionOrRefused() {
    new Fuzz(2, List.of(description().encode()), 2_500)
        .run(100_000, IllegalArgumentException.class, input -> assertThat(Description.decode(input)).isNotNull());
  }
}
