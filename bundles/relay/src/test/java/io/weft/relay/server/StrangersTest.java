package io.weft.relay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StrangersTest {

  private static int answers(Strangers strangers, String prefix, int asks, long now) throws Exception {
    int answered = 0;
    for (int i = 0; i < asks; i++) {
      answered += strangers.mayAnswer(InetAddress.getByName(prefix + i % 250), now) ? 1 : 0;
    }
    return answered;
  }

  @Test
  void eachNetworkHasItsShare() throws Exception {
    Strangers strangers = new Strangers(0);
    assertThat(answers(strangers, "203.0.113.", 1_000, 0)).isEqualTo(100);
    assertThat(answers(strangers, "203.0.114.", 10, 0)).as("the network beside it").isEqualTo(10);
    assertThat(answers(strangers, "2001:db8:1:", 0, 0)).isZero();
    long later = Duration.ofMillis(100).toNanos();
    assertThat(answers(strangers, "203.0.113.", 1_000, later)).isEqualTo(40);
    for (int i = 0; i < 200; i++) {
      strangers.mayAnswer(InetAddress.getByName("2001:db8:1:" + i + "::1"), 0);
    }
    assertThat(strangers.mayAnswer(InetAddress.getByName("2001:db8:1:ffff::1"), 0)).as("one /48").isFalse();
    assertThat(strangers.mayAnswer(InetAddress.getByName("2001:db8:2::1"), 0)).isTrue();
  }

  @Test
  void allTogetherHaveABound() throws Exception {
    Strangers strangers = new Strangers(0);
    int answered = 0;
    for (int i = 0; i < 100; i++) {
      answered += answers(strangers, "10.1." + i + ".", 100, 0);
    }
    assertThat(answered).isEqualTo(5_000);
  }
}
