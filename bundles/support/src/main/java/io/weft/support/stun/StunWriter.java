package io.weft.support.stun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.support.stun.Stun.Kind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes one message, attribute by attribute in the order of the calls; {@link #integrity} and {@link #fingerprint} come last. */
public final class StunWriter {

  private byte[] bytes = new byte[256];
  private int length = Stun.HEADER;

  private StunWriter(Kind kind, int method, Transaction transaction) {
    Bytes.int16(bytes, 0, StunMessage.head(kind, method));
    Bytes.int32(bytes, 4, Stun.COOKIE);
    transaction.write(bytes, 8);
  }

  public static StunWriter of(Kind kind, int method, Transaction transaction) {
    return new StunWriter(kind, method, transaction);
  }

  public static StunWriter success(StunMessage request) {
    return of(Kind.success, request.method(), request.transaction());
  }

  /** @param code 300 to 699 */
  public static StunWriter error(StunMessage request, int code, String text) {
    byte[] reason = text.getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[4 + reason.length];
    value[2] = (byte) (code / 100);
    value[3] = (byte) (code % 100);
    System.arraycopy(reason, 0, value, 4, reason.length);
    return of(Kind.error, request.method(), request.transaction()).bytes(Stun.ERROR_CODE, value);
  }

  public StunWriter bytes(int type, byte[] value) {
    int at = attribute(type, value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
    return this;
  }

  /** Copies what the buffer has left to read. */
  public StunWriter data(int type, ByteBuf value) {
    int at = attribute(type, value.readableBytes());
    value.getBytes(value.readerIndex(), bytes, at, value.readableBytes());
    return this;
  }

  public StunWriter text(int type, String text) {
    return bytes(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Four bytes. */
  public StunWriter number(int type, long value) {
    int at = attribute(type, 4);
    Bytes.int32(bytes, at, (int) value);
    return this;
  }

  /** Four bytes, of which the first is the value. */
  public StunWriter firstOfFour(int type, int value) {
    return number(type, (long) value << 24);
  }

  public StunWriter channel(int number) {
    return number(Stun.CHANNEL_NUMBER, (long) number << 16);
  }

  /** XOR or plain, as the type wants it. */
  public StunWriter address(int type, InetSocketAddress address) {
    return bytes(type, Addresses.value(address, type, bytes));
  }

  public StunWriter unknown(List<Integer> types) {
    byte[] value = new byte[types.size() * 2];
    for (int i = 0; i < types.size(); i++) {
      Bytes.int16(value, i * 2, types.get(i));
    }
    return bytes(Stun.UNKNOWN_ATTRIBUTES, value);
  }

  /** Protects all that was written so far. */
  public StunWriter integrity(byte[] key) {
    Bytes.int16(bytes, 2, length - Stun.HEADER + 4 + Credentials.MAC_LENGTH);
    return bytes(Stun.MESSAGE_INTEGRITY, Credentials.hmacSha1(key, bytes, length));
  }

  /** Tells the message from what else is on that port. */
  public StunWriter fingerprint() {
    Bytes.int16(bytes, 2, length - Stun.HEADER + 8);
    return number(Stun.FINGERPRINT, StunMessage.fingerprint(bytes, length));
  }

  private int attribute(int type, int size) {
    int at = length + 4;
    int end = at + (size + 3 & ~3);
    if (end > Stun.DATA_LENGTH_MAX) {
      throw new IllegalArgumentException("a STUN message of " + end + " bytes");
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
    }
    Bytes.int16(bytes, length, type);
    Bytes.int16(bytes, length + 2, size);
    length = end;
    return at;
  }

  /** The message. The writer must not be used any more. */
  public ByteBuf finish() {
    Bytes.int16(bytes, 2, length - Stun.HEADER);
    return Unpooled.wrappedBuffer(bytes, 0, length);
  }
}
