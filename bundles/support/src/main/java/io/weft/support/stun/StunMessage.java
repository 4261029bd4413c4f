package io.weft.support.stun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.support.stun.Stun.Kind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One message as it came, checked for form: the lengths agree, the fingerprint fits if there is one, nothing stands behind it. What
 * stands behind MESSAGE-INTEGRITY is not protected and so does not exist here, except for the fingerprint. Immutable.
 */
public final class StunMessage {

  static final int FINGERPRINT_XOR = 0x5354554e;

  private static final int ATTRIBUTE_HEADER = 4;
  private static final int TEXT_MAX = 763;

  private final byte[] bytes;
  private final Transaction transaction;
  private final int[] types;
  private final int[] starts;
  private final int[] lengths;
  private final int count;
  private final int integrityAt;
  private final boolean fingerprinted;

  private StunMessage(byte[] bytes) {
    this.bytes = bytes;
    this.transaction = Transaction.read(bytes, 8);
    int[] found = new int[Stun.ATTRIBUTES_MAX];
    int[] startsAt = new int[Stun.ATTRIBUTES_MAX];
    int[] sizes = new int[Stun.ATTRIBUTES_MAX];
    int n = 0;
    int integrity = -1;
    boolean fingerprint = false;
    int at = Stun.HEADER;
    for (int seen = 0; at < bytes.length; seen++) {
      int type = Bytes.int16(bytes, at);
      int length = Bytes.int16(bytes, at + 2);
      int next = at + ATTRIBUTE_HEADER + (length + 3 & ~3);
      if (fingerprint || seen >= Stun.ATTRIBUTES_MAX || next > bytes.length) {
        throw new MalformedStun("an attribute does not fit");
      }
      if (type == Stun.FINGERPRINT) {
        checkFingerprint(at, length);
        fingerprint = true;
      } else if (integrity < 0) {
        found[n] = type;
        startsAt[n] = at + ATTRIBUTE_HEADER;
        sizes[n++] = length;
        integrity = type == Stun.MESSAGE_INTEGRITY ? at : -1;
      }
      at = next;
    }
    if (integrity >= 0 && sizes[n - 1] != Credentials.MAC_LENGTH) {
      throw new MalformedStun("a MESSAGE-INTEGRITY of the wrong length");
    }
    this.types = Arrays.copyOf(found, n);
    this.starts = Arrays.copyOf(startsAt, n);
    this.lengths = Arrays.copyOf(sizes, n);
    this.count = n;
    this.integrityAt = integrity;
    this.fingerprinted = fingerprint;
  }

  /** Whether these bytes could be a message: the first two bits, the cookie and the length; no more is looked at. Reads nothing away. */
  public static boolean looksLike(ByteBuf packet) {
    int at = packet.readerIndex();
    return packet.readableBytes() >= Stun.HEADER
        && (packet.getByte(at) & 0xc0) == 0
        && packet.getInt(at + 4) == Stun.COOKIE
        && packet.getUnsignedShort(at + 2) == packet.readableBytes() - Stun.HEADER;
  }

  /**
   * Reads one whole packet; leaves the buffer as it was, and copies what it keeps.
   *
   * @throws MalformedStun if it is not exactly one message within the bounds of {@link Stun}
   */
  public static StunMessage decode(ByteBuf packet) {
    int length = packet.readableBytes();
    if (!looksLike(packet) || (length & 3) != 0 || length > Stun.DATA_LENGTH_MAX) {
      throw new MalformedStun("not a STUN message");
    }
    int head = packet.getUnsignedShort(packet.readerIndex());
    boolean data = kind(head) == Kind.indication && (method(head) == Stun.SEND || method(head) == Stun.DATA);
    if (length > Stun.LENGTH_MAX && !data) {
      throw new MalformedStun("too long");
    }
    byte[] bytes = new byte[length];
    packet.getBytes(packet.readerIndex(), bytes);
    return new StunMessage(bytes);
  }

  private void checkFingerprint(int at, int length) {
    if (length != 4 || Bytes.int32(bytes, at + ATTRIBUTE_HEADER) != fingerprint(bytes, at)) {
      throw new MalformedStun("the fingerprint does not fit");
    }
  }

  /** Of the first {@code length} bytes; the length in the header counts the fingerprint already. */
  static int fingerprint(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }

  private static Kind kind(int head) {
    return Kind.values()[head >> 4 & 1 | head >> 7 & 2];
  }

  private static int method(int head) {
    return head & 0xf | head >> 1 & 0x70 | head >> 2 & 0xf80;
  }

  static int head(Kind kind, int method) {
    return method & 0xf | (method & 0x70) << 1 | (method & 0xf80) << 2 | (kind.ordinal() & 1) << 4 | (kind.ordinal() & 2) << 7;
  }

  public Kind kind() {
    return kind(Bytes.int16(bytes, 0));
  }

  /** Such as {@link Stun#BINDING}. */
  public int method() {
    return method(Bytes.int16(bytes, 0));
  }

  public boolean is(Kind kind, int method) {
    return kind() == kind && method() == method;
  }

  public Transaction transaction() {
    return transaction;
  }

  public boolean isFingerprinted() {
    return fingerprinted;
  }

  public boolean has(int type) {
    return index(type, 0) >= 0;
  }

  private int index(int type, int from) {
    for (int i = from; i < count; i++) {
      if (types[i] == type) {
        return i;
      }
    }
    return -1;
  }

  /** The value of the first attribute of that type, or null. */
  public byte @Nullable [] bytes(int type) {
    int i = index(type, 0);
    return i < 0 ? null : Arrays.copyOfRange(bytes, starts[i], starts[i] + lengths[i]);
  }

  /** The same without a copy; shares this message's bytes. */
  public @Nullable ByteBuf data(int type) {
    int i = index(type, 0);
    return i < 0 ? null : Unpooled.wrappedBuffer(bytes, starts[i], lengths[i]);
  }

  /** A number of four bytes, or -1 if there is none of that length. */
  public long number(int type) {
    int i = index(type, 0);
    return i < 0 || lengths[i] != 4 ? -1 : Bytes.int32(bytes, starts[i]) & 0xffffffffL;
  }

  /** The first byte of a value of four, as REQUESTED-TRANSPORT and REQUESTED-ADDRESS-FAMILY have it; -1 if there is none. */
  public int firstOfFour(int type) {
    long number = number(type);
    return number < 0 ? -1 : (int) (number >>> 24);
  }

  /** Text of at most 763 bytes without control characters, or null if there is none like that. */
  public @Nullable String text(int type) {
    int i = index(type, 0);
    if (i < 0 || lengths[i] > TEXT_MAX) {
      return null;
    }
    String text = new String(bytes, starts[i], lengths[i], StandardCharsets.UTF_8);
    return text.chars().anyMatch(c -> Character.isISOControl(c) || c == '\ufffd') ? null : text;
  }

  /** An address, XOR or plain as its type says; null if there is none, or none that is well-formed. */
  public @Nullable InetSocketAddress address(int type) {
    int i = index(type, 0);
    return i < 0 ? null : Addresses.read(bytes, starts[i], lengths[i], type);
  }

  /** All addresses of that type, in order; null stands for one that is malformed. */
  public List<@Nullable InetSocketAddress> addresses(int type) {
    List<@Nullable InetSocketAddress> all = new ArrayList<>();
    for (int i = index(type, 0); i >= 0; i = index(type, i + 1)) {
      all.add(Addresses.read(bytes, starts[i], lengths[i], type));
    }
    return all;
  }

  /** 300 to 699; 0 if there is none. */
  public int errorCode() {
    int i = index(Stun.ERROR_CODE, 0);
    if (i < 0 || lengths[i] < 4) {
      return 0;
    }
    int hundreds = bytes[starts[i] + 2] & 7;
    int rest = bytes[starts[i] + 3] & 0xff;
    return hundreds < 3 || hundreds > 6 || rest > 99 ? 0 : hundreds * 100 + rest;
  }

  /** What the error says for people; printable, short, possibly empty. */
  public String errorText() {
    int i = index(Stun.ERROR_CODE, 0);
    if (i < 0 || lengths[i] <= 4) {
      return "";
    }
    int length = Math.min(lengths[i] - 4, 128);
    return new String(bytes, starts[i] + 4, length, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
  }

  /** Types that must be understood and are not among those known; each once. */
  public List<Integer> unknown(Set<Integer> known) {
    return Arrays.stream(types).filter(t -> t < Stun.COMPREHENSION_OPTIONAL && !known.contains(t)).distinct().boxed().toList();
  }

  public boolean hasIntegrity() {
    return integrityAt >= 0;
  }

  /** Whether MESSAGE-INTEGRITY was made with this key over what stands before it. */
  public boolean isAuthentic(byte[] key) {
    if (integrityAt < 0) {
      return false;
    }
    byte[] signed = Arrays.copyOf(bytes, integrityAt);
    Bytes.int16(signed, 2, integrityAt - Stun.HEADER + ATTRIBUTE_HEADER + Credentials.MAC_LENGTH);
    int at = integrityAt + ATTRIBUTE_HEADER;
    return MessageDigest.isEqual(Credentials.hmacSha1(key, signed, signed.length), Arrays.copyOfRange(bytes, at, at + Credentials.MAC_LENGTH));
  }
}
