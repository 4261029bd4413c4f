package io.weft.support.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.support.stun.Stun.Kind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StunMessageTest {

  private static final Transaction TRANSACTION = new Transaction(0x01020304, 0x05060708090a0b0cL);
  private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);

  private static StunWriter writer() {
    return StunWriter.of(Kind.request, Stun.ALLOCATE, TRANSACTION);
  }

  @Test
  void everyKindAndMethodIsReadAsWritten() {
    for (Kind kind : Kind.values()) {
      for (int method : new int[] {1, 3, 4, 6, 7, 8, 9, 0xabc, 0xfff}) {
        StunMessage read = StunMessage.decode(StunWriter.of(kind, method, TRANSACTION).finish());
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.method()).isEqualTo(method);
        assertThat(read.transaction()).isEqualTo(TRANSACTION);
      }
    }
  }

  @Test
  void attributesAreReadAsWritten() {
    InetSocketAddress four = new InetSocketAddress("198.51.100.7", 40_000);
    InetSocketAddress six = new InetSocketAddress("2001:db8::7", 7);
    ByteBuf bytes = writer().text(Stun.USERNAME, "1:abc").number(Stun.LIFETIME, 0xfffffff0L).address(Stun.XOR_PEER_ADDRESS, four)
        .address(Stun.XOR_PEER_ADDRESS, six).address(Stun.OTHER_ADDRESS, four).firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP)
        .channel(0x4001).integrity(KEY).fingerprint().finish();
    StunMessage read = StunMessage.decode(bytes);
    assertThat(read.text(Stun.USERNAME)).isEqualTo("1:abc");
    assertThat(read.number(Stun.LIFETIME)).isEqualTo(0xfffffff0L);
    assertThat(read.addresses(Stun.XOR_PEER_ADDRESS)).containsExactly(four, six);
    assertThat(read.address(Stun.OTHER_ADDRESS)).isEqualTo(four);
    assertThat(read.firstOfFour(Stun.REQUESTED_TRANSPORT)).isEqualTo(17);
    assertThat(read.number(Stun.CHANNEL_NUMBER) >>> 16).isEqualTo(0x4001);
    assertThat(read.isAuthentic(KEY)).isTrue();
    assertThat(read.number(Stun.NONCE)).isEqualTo(-1);
    assertThat(bytes.readerIndex()).as("what was read away").isZero();
  }

  @Test
  void anErrorSaysWhatAndWhy() {
    StunMessage request = StunMessage.decode(writer().finish());
    StunMessage error = StunMessage.decode(StunWriter.error(request, 420, "Unknown Attribute").unknown(List.of(0x7001, 0x7002)).finish());
    assertThat(error.is(Kind.error, Stun.ALLOCATE)).isTrue();
    assertThat(error.errorCode()).isEqualTo(420);
    assertThat(error.errorText()).isEqualTo("Unknown Attribute");
    assertThat(error.bytes(Stun.UNKNOWN_ATTRIBUTES)).containsExactly(0x70, 1, 0x70, 2);
    assertThat(StunMessage.decode(writer().bytes(0x7001, new byte[3]).finish()).unknown(Set.of())).containsExactly(0x7001);
  }

  @Test
  void whatStandsBehindTheIntegrityDoesNotExist() {
    StunMessage read = StunMessage.decode(writer().integrity(KEY).text(Stun.USERNAME, "forged").finish());
    assertThat(read.has(Stun.USERNAME)).isFalse();
    assertThat(read.isAuthentic(KEY)).isTrue();
  }

  @Test
  void aChangedByteIsNoticed() {
    ByteBuf signed = writer().text(Stun.USERNAME, "1:abc").integrity(KEY).finish();
    signed.setByte(Stun.HEADER + 5, 'x');
    assertThat(StunMessage.decode(signed).isAuthentic(KEY)).isFalse();
    ByteBuf printed = writer().text(Stun.USERNAME, "1:abc").fingerprint().finish();
    printed.setByte(Stun.HEADER + 5, 'x');
    assertThatThrownBy(() -> StunMessage.decode(printed)).isInstanceOf(MalformedStun.class);
  }

  @Test
  void anIpv4AddressInIpv6FormIsNoAddress() {
    byte[] mapped = new byte[20];
    mapped[1] = Stun.FAMILY_IPV6;
    mapped[14] = (byte) 0xff;
    mapped[15] = (byte) 0xff;
    mapped[16] = 127;
    mapped[19] = 1;
    assertThat(StunMessage.decode(writer().bytes(Stun.MAPPED_ADDRESS, mapped).finish()).address(Stun.MAPPED_ADDRESS)).isNull();
  }

  @Test
  void boundsHold() {
    StunWriter many = writer();
    for (int i = 0; i <= Stun.ATTRIBUTES_MAX; i++) {
      many.number(Stun.LIFETIME, i);
    }
    malformed(many.finish());
    malformed(writer().bytes(Stun.SOFTWARE, new byte[Stun.LENGTH_MAX]).finish());
    ByteBuf data = StunWriter.of(Kind.indication, Stun.SEND, TRANSACTION).bytes(Stun.DATA_VALUE, new byte[60_000]).finish();
    assertThat(StunMessage.decode(data).data(Stun.DATA_VALUE).readableBytes()).isEqualTo(60_000);
    malformed(writer().finish().setShort(2, 4));
    malformed(Unpooled.EMPTY_BUFFER);
    malformed(writer().fingerprint().number(Stun.LIFETIME, 1).finish());
  }

  private static void malformed(ByteBuf bytes) {
    assertThatThrownBy(() -> StunMessage.decode(bytes)).isInstanceOf(MalformedStun.class);
  }

  @Test
  void streamsAreCutAtTheRightPlaces() {
    ByteBuf message = writer().number(Stun.LIFETIME, 1).finish();
    assertThat(StunStream.length(message)).isEqualTo(28);
    ByteBuf frame = Unpooled.buffer();
    ChannelData.header(frame, 0x4001, 5);
    assertThat(StunStream.length(frame)).isEqualTo(12);
    assertThat(ChannelData.looksLike(frame)).isTrue();
    assertThat(ChannelData.channel(frame)).isEqualTo(0x4001);
    assertThat(ChannelData.length(frame)).isEqualTo(ChannelData.MALFORMED);
    assertThat(ChannelData.length(frame.writeZero(5))).isEqualTo(5);
    assertThat(StunStream.length(Unpooled.wrappedBuffer(new byte[3]))).isEqualTo(StunStream.UNKNOWN);
    assertThatThrownBy(() -> StunStream.length(Unpooled.wrappedBuffer(new byte[] {(byte) 0xc0, 0, 0, 1})))
        .isInstanceOf(MalformedStun.class);
  }

  @Test
  void credentialsFollowFromTheSecret() {
    Credentials credentials = Credentials.timeLimited("labsecret".getBytes(StandardCharsets.US_ASCII), "alice", Instant.ofEpochSecond(1_700_000_000L));
    assertThat(credentials.user()).isEqualTo("1700000000:alice");
    // printf 1700000000:alice | openssl dgst -sha1 -hmac labsecret -binary | base64
    assertThat(credentials.password()).isEqualTo("8vlALbx8VFaRmLXFlUR5dV5LXl0=");
    assertThat(Credentials.expiry("1700000000:alice")).isEqualTo(1_700_000_000L);
    assertThat(Credentials.name("1700000000:alice")).isEqualTo("alice");
    for (String no : List.of("", "alice", ":alice", "1700000000:", "17x:alice", "9999999999999:alice", "-1:alice")) {
      assertThat(Credentials.expiry(no)).as(no).isEqualTo(-1);
    }
    assertThat(credentials.toString()).doesNotContain(credentials.password());
  }
}
