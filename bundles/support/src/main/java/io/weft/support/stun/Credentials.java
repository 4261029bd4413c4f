package io.weft.support.stun;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A user name that says when it ends, and the password that follows from it and a secret that clients and servers share, as coturn and
 * others have it: {@code <unix seconds>:<name>} and base64(HMAC-SHA1(secret, user)). SHA-1 is what the protocol fixes; as a MAC it holds.
 */
public record Credentials(String user, String password) {

  static final int MAC_LENGTH = 20;

  private static final int NAME_MAX = 128;

  /** @param name who uses it; what quotas go by */
  public static Credentials timeLimited(byte[] secret, String name, Instant expiry) {
    return of(secret, expiry.getEpochSecond() + ":" + name);
  }

  /** The credentials of that user name. */
  public static Credentials of(byte[] secret, String user) {
    byte[] text = user.getBytes(StandardCharsets.UTF_8);
    return new Credentials(user, Base64.getEncoder().encodeToString(hmacSha1(secret, text, text.length)));
  }

  /** When a user name ends, in unix seconds; -1 if it is none of these. */
  public static long expiry(String user) {
    int colon = user.indexOf(':');
    if (colon < 1 || colon > 12 || user.length() - colon - 1 < 1 || user.length() - colon - 1 > NAME_MAX) {
      return -1;
    }
    long seconds = 0;
    for (int i = 0; i < colon; i++) {
      char c = user.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      seconds = seconds * 10 + c - '0';
    }
    return seconds;
  }

  /** Who it is, without the expiry; the whole if there is none. */
  public static String name(String user) {
    return expiry(user) < 0 ? user : user.substring(user.indexOf(':') + 1);
  }

  /** The key of MESSAGE-INTEGRITY with these credentials in that realm (RFC 8489, section 9.2.2). */
  public byte[] key(String realm) {
    try {
      return MessageDigest.getInstance("MD5").digest((user + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** Of the first {@code length} bytes. */
  static byte[] hmacSha1(byte[] key, byte[] bytes, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      // An empty key is not taken, but means the same as one zero byte.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA1"));
      mac.update(bytes, 0, length);
      return Arrays.copyOf(mac.doFinal(), MAC_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
