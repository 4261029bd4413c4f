package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.testkit.Fuzz;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketHeadTest {

  private static byte[] initial(int destination, int source, int token, int size) {
    ByteBuffer packet = ByteBuffer.allocate(size);
    packet.put((byte) 0xc3).putInt(1).put((byte) destination);
    for (int i = 0; i < destination; i++) {
      packet.put((byte) (i + 1));
    }
    packet.put((byte) source).position(packet.position() + source);
    if (token < 64) {
      packet.put((byte) token);
    } else {
      packet.putShort((short) (0x4000 | token));
    }
    return packet.array();
  }

  private static long token(byte[] packet) {
    return PacketHead.token(Unpooled.wrappedBuffer(packet));
  }

  private static int kind(int... bytes) {
    ByteBuf packet = Unpooled.buffer();
    Arrays.stream(bytes).forEach(packet::writeByte);
    return PacketHead.kind(packet);
  }

  @Test
  void tellsKindsApart() {
    assertThat(kind()).isEqualTo(PacketHead.OTHER);
    for (int first = 0; first < 4; first++) {
      assertThat(kind(first)).isEqualTo(PacketHead.STUN);
    }
    for (int first = 4; first < 64; first++) {
      assertThat(kind(first, 0, 0)).isEqualTo(PacketHead.OTHER);
    }
    byte[] packet = new byte[100];
    packet[0] = 0x40;
    assertThat(PacketHead.kind(Unpooled.wrappedBuffer(packet))).isEqualTo(PacketHead.SHORT);
    assertThat(PacketHead.kind(Unpooled.wrappedBuffer(packet, 0, 17))).isEqualTo(PacketHead.OTHER);
    packet[0] = (byte) 0xe0;
    assertThat(PacketHead.kind(Unpooled.wrappedBuffer(packet))).isEqualTo(PacketHead.LONG);
    packet[0] = (byte) 0xcf;
    assertThat(PacketHead.kind(Unpooled.wrappedBuffer(packet))).isEqualTo(PacketHead.INITIAL);
    assertThat(PacketHead.kind(Unpooled.wrappedBuffer(packet, 0, 15))).isEqualTo(PacketHead.OTHER);
    packet[0] = (byte) 0x80;
    assertThat(PacketHead.kind(Unpooled.wrappedBuffer(packet))).isEqualTo(PacketHead.OTHER);
  }

  @Test
  void findsTheKey() {
    byte[] id = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertThat(PacketHead.key(id)).isEqualTo(0x0102030405060708L);
    assertThat(PacketHead.key(Unpooled.wrappedBuffer(initial(8, 0, 0, 1200)), PacketHead.INITIAL)).isEqualTo(0x0102030405060708L);
    assertThat(PacketHead.key(Unpooled.wrappedBuffer(initial(7, 0, 0, 1200)), PacketHead.INITIAL)).isZero();
    byte[] packet = new byte[40];
    System.arraycopy(id, 0, packet, 1, id.length);
    assertThat(PacketHead.key(Unpooled.wrappedBuffer(packet), PacketHead.SHORT)).isEqualTo(0x0102030405060708L);
  }

  @Test
  void findsTheToken() {
    assertThat(token(initial(8, 0, 0, 1200))).isEqualTo(16L << 32);
    assertThat(token(initial(20, 20, 57, 1200))).isEqualTo((48L << 32) | 57);
    assertThat(token(initial(8, 8, 1_000, 1_300))).isEqualTo((25L << 32) | 1_000);
  }

  @Test
  void refusesWhatStartsNoConnection() {
    assertThat(token(initial(8, 0, 0, 1_199))).isEqualTo(-1);
    assertThat(token(initial(7, 0, 0, 1_200))).isEqualTo(-1);
    assertThat(token(initial(21, 0, 0, 1_200))).isEqualTo(-1);
    assertThat(token(initial(8, 21, 0, 1_200))).isEqualTo(-1);
    assertThat(token(initial(8, 0, 1_200, 1_200))).isEqualTo(-1);
    byte[] other = initial(8, 0, 0, 1_200);
    other[4] = 2;
    assertThat(token(other)).isEqualTo(-1);
  }

  @Test
  void readsAnything() {
    List<byte[]> samples = List.of(initial(8, 0, 0, 1_200), initial(20, 20, 57, 1_350),
        new byte[] {0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8});
    new Fuzz(1, samples, 1_500).run(100_000, NeverThrown.class, bytes -> {
      ByteBuf packet = Unpooled.wrappedBuffer(bytes);
      int kind = PacketHead.kind(packet);
      if (kind >= PacketHead.SHORT) {
        PacketHead.key(packet, kind);
      }
      if (kind == PacketHead.INITIAL) {
        long token = PacketHead.token(packet);
        if (token >= 0) {
          packet.slice((int) (token >> 32), (int) token);
        }
      }
    });
  }

  /** What no decoder here throws. */
  static final class NeverThrown extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
