package org.example.addresstable;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.Candidate;
import io.weft.path.PathRequest;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which address leads where. */
class AddressTableTest {

  static AddressTable table(String... addresses) {
    return new AddressTable(FakeConfig.of(AddressTableConfig.class, Map.of("addresses", addresses)));
  }

  /** For a peer that is known at port 7450 of these addresses. */
  static PathRequest request(long attempt, String... hosts) {
    return new PathRequest(new FakeIdentity("test", "b").self(), Stream.of(hosts).map(h -> Candidate.udp(h, 7450)).toList(), attempt, true);
  }

  @Test
  void eachAttemptTakesTheNextThatIsInTheTable() throws Exception {
    AddressTable table = table("192.0.2.7:7450=10.8.0.2:7451", "[2001:db8::7]:7450=[fd00::2]:7452");
    PathRequest request = request(0, "192.0.2.7", "198.51.100.1", "2001:db8::7");
    assertThat(table.find(request).get().remote()).isEqualTo(new InetSocketAddress("10.8.0.2", 7451));
    assertThat(table.find(request(1, "192.0.2.7", "198.51.100.1", "2001:db8::7")).get().info().remoteAddress()).endsWith(":7452");
  }

  @Test
  void whatIsNotInTheTableIsForOthers() {
    assertThat(table("192.0.2.7:7450=10.8.0.2:7450").understands(Candidate.udp("192.0.2.7", 7451))).isFalse();
    assertThat(table().understands(Candidate.udp("192.0.2.7", 7450))).isFalse();
  }

  @Test
  void aWrongEntryIsLeftOutAndSaid() {
    AddressTable table = table("192.0.2.7:7450", "192.0.2.7:7450=host.example:1", "192.0.2.8:7450=10.8.0.2:7450");
    assertThat(table.understands(Candidate.udp("192.0.2.8", 7450))).isTrue();
    assertThat(table.check()).singleElement()
        .satisfies(r -> assertThat(r.message()).contains("such as 203.0.113.7", "host.example:1 is a name"));
  }
}
