package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weft.testkit.Fuzz;
import io.weft.testkit.ManualTime;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTokensTest {

  private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4711);
  private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  private final ManualTime time = new ManualTime();
  private final RetryTokens tokens = new RetryTokens(time, new SecureRandom());

  private byte[] minted() {
    ByteBuf out = Unpooled.buffer();
    tokens.mint(out, ID, PEER);
    assertThat(out.readableBytes()).isLessThanOrEqualTo(RetryTokens.LENGTH_MAX);
    return ByteBufUtil.getBytes(out);
  }

  private int validate(byte[] token, InetSocketAddress peer) {
    return tokens.validate(Unpooled.wrappedBuffer(token), peer);
  }

  @Test
  void takesItsOwn() {
    byte[] token = minted();
    int at = validate(token, PEER);
    assertThat(Arrays.copyOfRange(token, at, token.length)).isEqualTo(ID);
    assertThat(validate(token, PEER)).isEqualTo(at);
  }

  @Test
  void refusesAnotherAddress() {
    byte[] token = minted();
    assertThat(validate(token, new InetSocketAddress("192.0.2.8", 4711))).isEqualTo(RetryTokens.REFUSED);
    assertThat(validate(token, new InetSocketAddress("192.0.2.7", 4712))).isEqualTo(RetryTokens.REFUSED);
    assertThat(validate(token, new InetSocketAddress("::ffff:c000:207", 4711)))
        .isIn(RetryTokens.REFUSED, 41); // Java makes it IPv4.
    assertThat(validate(token, new InetSocketAddress("2001:db8::7", 4711))).isEqualTo(RetryTokens.REFUSED);
  }

  @Test
  void refusesOldOnes() {
    byte[] token = minted();
    time.advance(RetryTokens.LIFE);
    assertThat(validate(token, PEER)).isPositive();
    time.advance(Duration.ofNanos(1));
    assertThat(validate(token, PEER)).isEqualTo(RetryTokens.REFUSED);
  }

  @Test
  void refusesThoseOfAnotherProcess() {
    assertThat(new RetryTokens(time, new SecureRandom()).validate(Unpooled.wrappedBuffer(minted()), PEER))
        .isEqualTo(RetryTokens.REFUSED);
  }

  @Test
  void refusesEverythingElse() {
    byte[] good = minted();
    new Fuzz(1, List.of(good, new byte[57], new byte[0]), 100).run(100_000, PacketHeadTest.NeverThrown.class, bytes -> {
      if (validate(bytes, PEER) != RetryTokens.REFUSED && !Arrays.equals(bytes, good)) {
        throw new AssertionError("took a forged token");
      }
    });
  }
}
