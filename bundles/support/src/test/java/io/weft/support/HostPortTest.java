package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HostPortTest {

  @Test
  void readsAddressesAndNames() {
    assertThat(HostPort.parse("127.0.0.1:5432")).isEqualTo(new HostPort("127.0.0.1", 5432));
    assertThat(HostPort.parse(" [2001:DB8::7]:1 ")).isEqualTo(new HostPort("2001:db8::7", 1)).hasToString("[2001:db8::7]:1");
    assertThat(HostPort.parse("[::ffff:192.0.2.1]:9").isLiteral()).isTrue();
    assertThat(HostPort.parse("db.Example.org:5432")).isEqualTo(new HostPort("db.example.org", 5432));
    assertThat(HostPort.parse("db.example.org:5432").socketAddress()).isEmpty();
    assertThat(HostPort.parse("[::1]:80").socketAddress().orElseThrow().getAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void refusesTheRestInOneLine() {
    String[] bad = {
      "", ":", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:99999999999", "127.0.0.1:-1", "127.0.0.1:+1",
      "1.2.3:80", "1.2.3.4.5:80", "256.1.1.1:80", "01.2.3.4:80", "1.2.3.4.:80", "::1:80", "[::1]", "[::1:80", "[::g]:80", "[1.2.3.4]:80",
      "[fe80::1%eth0]:80", "a b:80", "a..b:80", ".a:80", "a/b:80", "a\nb:80", "\u0661.2.3.4:80", "x".repeat(64) + ":80", "x".repeat(5000) + ":80",
    };
    for (String text : bad) {
      assertThatThrownBy(() -> HostPort.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("\n");
    }
  }

  @Test
  void nothingThatIsWrittenThrowsAnythingElse() {
    SplittableRandom random = new SplittableRandom(1);
    char[] alphabet = "0123456789abcfgx.:[]%-_ \n\u0661".toCharArray();
    for (int i = 0; i < 100_000; i++) {
      char[] text = new char[random.nextInt(40)];
      for (int j = 0; j < text.length; j++) {
        text[j] = alphabet[random.nextInt(alphabet.length)];
      }
      try {
        HostPort parsed = HostPort.parse(new String(text));
        assertThat(HostPort.parse(parsed.toString())).isEqualTo(parsed);
        parsed.socketAddress();
      } catch (IllegalArgumentException expected) {
        assertThat(expected).hasMessageContaining(": ");
      }
    }
  }
}
