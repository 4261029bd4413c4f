package org.example.slowlinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.link.LinkInfo;
import io.weft.node.CommandFailure;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeLinks;
import io.weft.testkit.command.FakeCommandSession;
import java.time.Instant;
import java.util.Map;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.Test;

/** Links as the test says they are. */
class SlowLinksTest {

  /** With one link that is up and has this round trip, and one that is down. */
  static Function command(double rttMillis) {
    FakeLinks links = new FakeLinks();
    LinkInfo up = FakeLinks.up("b", Instant.EPOCH);
    links.links.add(new LinkInfo(up.peer(), up.peerId(), up.state(), up.path(), up.transport(), rttMillis, up.channels(), up.bytesSent(),
        up.bytesReceived(), up.since(), up.reason(), up.attempts(), up.dialed(), up.sharedDigest()));
    links.links.add(FakeLinks.down("c", Instant.EPOCH));
    return new SlowLinks(FakeConfig.of(SlowLinksConfig.class, Map.of()), links);
  }

  @Test
  void noneIsSlow() throws Exception {
    assertThat(new FakeCommandSession().call(command(199))).contains("1 links are up, none of them slower than 200 ms");
  }

  @Test
  void aSlowOneEndsWithCode1() {
    assertThatThrownBy(() -> new FakeCommandSession().call(command(201)))
        .isInstanceOfSatisfying(CommandFailure.class, e -> assertThat(e.exitCode()).isEqualTo(CommandFailure.CHECK))
        .hasMessage("1 of 1 links are slower than 200 ms");
  }

  @Test
  void theLimitCanBeSaid() throws Exception {
    assertThat(new FakeCommandSession().call(command(201), "--over", "300", "--json")).contains("\"over_ms\": 300");
    assertThatThrownBy(() -> new FakeCommandSession().call(command(1), "--over", "soon")).hasMessageContaining("whole milliseconds");
  }
}
