package io.weft.relay.server;

import io.weft.node.Clock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that need no memory: a time and a MAC over it and the client's address. One made for another client, by another process or too
 * long ago is stale, and the client tries again with a new one.
 */
final class Nonces {

  static final Duration LIFE = Duration.ofMinutes(10);

  private static final int TIME_BYTES = 8;
  private static final int MAC_BYTES = 16;

  private final Clock clock;
  private final SecretKeySpec key;

  Nonces(Clock clock, SecureRandom random) {
    this.clock = clock;
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
  }

  String make(InetSocketAddress client) {
    return text(clock.nanos(), client);
  }

  boolean isFresh(String nonce, InetSocketAddress client) {
    if (nonce.length() != (TIME_BYTES + MAC_BYTES) * 2) {
      return false;
    }
    long made;
    try {
      made = HexFormat.fromHexDigitsToLong(nonce, 0, TIME_BYTES * 2);
    } catch (IllegalArgumentException e) {
      return false;
    }
    long age = clock.nanos() - made;
    return age >= 0 && age <= LIFE.toNanos() && MessageDigest.isEqual(nonce.getBytes(), text(made, client).getBytes());
  }

  private String text(long made, InetSocketAddress client) {
    byte[] address = client.getAddress().getAddress();
    byte[] input = ByteBuffer.allocate(TIME_BYTES + 2 + address.length).putLong(made).putShort((short) client.getPort()).put(address).array();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return HexFormat.of().toHexDigits(made) + HexFormat.of().formatHex(Arrays.copyOf(mac.doFinal(input), MAC_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
