package io.weft.support.stun;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.weft.support.stun.Stun.Kind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The samples of RFC 5769. */
class StunVectorsTest {

  private static final byte[] SHORT_TERM = "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII);

  private static StunMessage decode(String hex) {
    return StunMessage.decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  @Test
  void aRequestWithShortTermCredentials() {
    StunMessage request = decode(
        "00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 7420636c 69656e74 00240004 6e0001ff"
            + "80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020 00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2"
            + "80280004 e57a3bcf");
    assertThat(request.is(Kind.request, Stun.BINDING)).isTrue();
    assertThat(request.text(Stun.USERNAME)).isEqualTo("evtj:h6vY");
    assertThat(request.text(Stun.SOFTWARE)).isEqualTo("STUN test client");
    assertThat(request.isFingerprinted()).isTrue();
    assertThat(request.isAuthentic(SHORT_TERM)).isTrue();
    assertThat(request.isAuthentic("other".getBytes(StandardCharsets.US_ASCII))).isFalse();
    assertThat(request.unknown(Set.of(Stun.USERNAME, Stun.MESSAGE_INTEGRITY))).containsExactly(0x0024);
  }

  @Test
  void aResponseWithAnIpv4Address() {
    StunMessage response = decode(
        "0101003c 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200008 0001a147 e112a643"
            + "00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96");
    assertThat(response.is(Kind.success, Stun.BINDING)).isTrue();
    assertThat(response.address(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(new InetSocketAddress("192.0.2.1", 32853));
    assertThat(response.isAuthentic(SHORT_TERM)).isTrue();
  }

  @Test
  void aResponseWithAnIpv6Address() {
    StunMessage response = decode(
        "01010048 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220"
            + "00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9 00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41"
            + "80280004 c8fb0b4c");
    assertThat(response.address(Stun.XOR_MAPPED_ADDRESS))
        .isEqualTo(new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853));
    assertThat(response.isAuthentic(SHORT_TERM)).isTrue();
  }

  @Test
  void aRequestWithLongTermCredentials() {
    StunMessage request = decode(
        "00010060 2112a442 78ad3433 c6ad72c0 29da412e 00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000"
            + "0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341 0014000b 6578616d 706c652e 6f726700"
            + "00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666");
    String user = request.text(Stun.USERNAME);
    assertThat(user).isEqualTo("\u30de\u30c8\u30ea\u30c3\u30af\u30b9");
    assertThat(request.isAuthentic(new Credentials(user, "TheMatrIX").key(request.text(Stun.REALM)))).isTrue();
  }
}
