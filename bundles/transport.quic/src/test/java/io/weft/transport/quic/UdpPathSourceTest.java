package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.PathSourceContract;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class UdpPathSourceTest extends PathSourceContract {

  private final UdpPathSource source = new UdpPathSource();

  @Override
  protected PathSource source() {
    return source;
  }

  @Override
  protected PathRequest reachable() {
    return request(1);
  }

  private static PathRequest request(long attempt) {
    return new PathRequest(
        new FakeIdentity("test", "b").self(),
        List.of(Candidate.udp("192.0.2.7", 7450), Candidate.udp("2001:db8::7", 7451), Candidate.udp("192.0.2.8", 7452)),
        attempt,
        true);
  }

  @Test
  void takesTheNextCandidateAtEachAttempt() throws Exception {
    for (int attempt = 0; attempt < 6; attempt++) {
      InetSocketAddress to = (InetSocketAddress) source.find(request(attempt)).get().remote();
      assertThat(to.getPort()).isEqualTo(7450 + attempt % 3);
    }
    assertThat(source.find(request(1)).get().info().remoteAddress()).isEqualTo("[2001:db8:0:0:0:0:0:7]:7451");
  }

  @Test
  void leavesNamesToDiscovery() {
    assertThat(source.understands(new Candidate("udp", CandidateKind.host, "b.example.org", 7450, 1))).isFalse();
    assertThat(source.understands(new Candidate("udp", CandidateKind.host, "192.0.2.7", 0, 1))).isFalse();
    assertThat(source.understands(new Candidate("memory", CandidateKind.host, "192.0.2.7", 7450, 1))).isFalse();
  }
}
