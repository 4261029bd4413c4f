package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.node.Clock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs that a peer receives at the address it sends from: {@code u8 1, u64 time, 32 bytes HMAC-SHA256 over time, address and
 * id, id}. Made and checked by this process only, so the key is drawn at start and never stored.
 */
final class RetryTokens {

  static final int LENGTH_MAX = 1 + 8 + 32 + PacketHead.ID_MAX;
  static final int REFUSED = -1;
  static final Duration LIFE = Duration.ofSeconds(10);

  private static final int VERSION = 1;
  private static final int MAC_AT = 9;
  private static final int ID_AT = MAC_AT + 32;

  private final Clock clock;
  private final Mac mac;

  RetryTokens(Clock clock, SecureRandom random) {
    this.clock = clock;
    byte[] key = new byte[32];
    random.nextBytes(key);
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  void mint(ByteBuf out, byte[] originalId, InetSocketAddress peer) {
    long now = clock.nanos();
    out.writeByte(VERSION).writeLong(now).writeBytes(sign(now, peer, originalId)).writeBytes(originalId);
  }

  /**
   * Where the original id starts in a token of ours for this address that is not older than {@link #LIFE}, else {@link #REFUSED}.
   */
  int validate(ByteBuf token, InetSocketAddress peer) {
    int start = token.readerIndex();
    int length = token.readableBytes();
    if (length < ID_AT + PacketHead.ID_MIN || length > LENGTH_MAX || token.getByte(start) != VERSION) {
      return REFUSED;
    }
    long minted = token.getLong(start + 1);
    long age = clock.nanos() - minted;
    if (age < 0 || age > LIFE.toNanos()) {
      return REFUSED;
    }
    byte[] shown = new byte[ID_AT - MAC_AT];
    token.getBytes(start + MAC_AT, shown);
    byte[] id = new byte[length - ID_AT];
    token.getBytes(start + ID_AT, id);
    return MessageDigest.isEqual(shown, sign(minted, peer, id)) ? ID_AT : REFUSED;
  }

  private byte[] sign(long time, InetSocketAddress peer, byte[] id) {
    byte[] address = peer.getAddress().getAddress();
    mac.update(ByteBuffer.allocate(13).put((byte) address.length).putLong(time).putInt(peer.getPort()).array());
    mac.update(address);
    return mac.doFinal(id);
  }
}
