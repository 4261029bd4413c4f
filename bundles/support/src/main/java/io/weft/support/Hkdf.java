package io.weft.support;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869): many independent keys out of one secret. */
public final class Hkdf {

  private static final int HASH = 32;

  private Hkdf() {}

  /** The first step, without salt. Who keeps the result need not keep the secret. */
  public static byte[] extract(byte[] secret) {
    return hmac(new byte[HASH], secret);
  }

  /** The second step: {@code length} bytes for the use that {@code info} names. */
  public static byte[] expand(byte[] extracted, byte[] info, int length) {
    if (length < 1 || length > 255 * HASH) {
      throw new IllegalArgumentException("HKDF-SHA256 gives 1 to " + 255 * HASH + " bytes, not " + length);
    }
    byte[] out = new byte[length];
    byte[] block = new byte[0];
    for (int at = 0, counter = 1; at < length; at += HASH, counter++) {
      byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
      System.arraycopy(info, 0, input, block.length, info.length);
      input[input.length - 1] = (byte) counter;
      block = hmac(extracted, input);
      System.arraycopy(block, 0, out, at, Math.min(HASH, length - at));
      Arrays.fill(input, (byte) 0);
    }
    Arrays.fill(block, (byte) 0);
    return out;
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
