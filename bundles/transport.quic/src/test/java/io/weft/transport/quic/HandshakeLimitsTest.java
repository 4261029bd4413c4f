package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HandshakeLimitsTest {

  private static InetAddress ip(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @Test
  void countsWhatIsInFlight() {
    HandshakeLimits limits = new HandshakeLimits(4, 2, 64);
    limits.began();
    assertThat(limits.wantsProof()).isFalse();
    limits.began();
    assertThat(limits.wantsProof()).isTrue();
    assertThat(limits.full()).isFalse();
    limits.began();
    limits.began();
    assertThat(limits.full()).isTrue();
    limits.ended();
    assertThat(limits.full()).isFalse();
    assertThat(limits.inFlight()).isEqualTo(3);
  }

  @Test
  void countsByNetworkAndSecond() throws Exception {
    HandshakeLimits limits = new HandshakeLimits(4, 2, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(limits.withinRate(ip("192.0.2." + i), -5)).isTrue();
    }
    assertThat(limits.withinRate(ip("192.0.2.9"), -4)).isFalse();
    assertThat(limits.withinRate(ip("192.0.3.9"), -4)).isTrue();
    assertThat(limits.withinRate(ip("192.0.2.9"), 999_999_994)).isFalse();
    assertThat(limits.withinRate(ip("192.0.2.9"), 999_999_995)).isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(limits.withinRate(ip("2001:db8:7:" + i + "::1"), 1_000_000_000)).isTrue();
    }
    assertThat(limits.withinRate(ip("2001:db8:7:9::1"), 1_000_000_000)).isFalse();
    assertThat(limits.withinRate(ip("2001:db8:8::1"), 1_000_000_000)).isTrue();
  }

  @Test
  void remembersABoundedNumberOfNetworks() throws Exception {
    HandshakeLimits limits = new HandshakeLimits(4, 2, 3);
    int let = 0;
    for (int i = 0; i < 65_536; i++) {
      let += limits.withinRate(ip("10." + (i >> 8) + "." + (i & 255) + ".1"), 0) ? 1 : 0;
    }
    assertThat(let).isEqualTo(4_096);
    assertThat(limits.withinRate(ip("10.0.0.1"), 0)).isTrue();
  }
}
