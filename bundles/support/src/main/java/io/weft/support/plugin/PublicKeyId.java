package io.weft.support.plugin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An Ed25519 public key, 32 bytes, and the short name it goes by. Uses the JDK only, because the launcher has nothing else. */
public final class PublicKeyId {

  // SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes.
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private final byte[] bytes;
  private final PublicKey key;

  /** @throws IllegalArgumentException if these are not the bytes of a key */
  public PublicKeyId(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + bytes.length);
    }
    byte[] encoded = Arrays.copyOf(X509, X509.length + 32);
    System.arraycopy(bytes, 0, encoded, X509.length, 32);
    try {
      this.key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("these are not the bytes of an Ed25519 public key", e);
    }
    this.bytes = bytes.clone();
  }

  /** @param text base64url without padding */
  public static PublicKeyId parse(String text) {
    try {
      PublicKeyId key = new PublicKeyId(Base64.getUrlDecoder().decode(text));
      if (!key.text().equals(text)) {
        throw new IllegalArgumentException("a key is 43 characters of base64url");
      }
      return key;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a key is 43 characters of base64url, as 'weft plugin key' prints it", e);
    }
  }

  /** The first 16 hexadecimal digits of its SHA-256. */
  public String id() {
    return Sha256.hex(bytes).substring(0, 16);
  }

  public String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether the signature over {@code domain || 0x00 || message} is good; false for whatever is malformed. */
  public boolean verify(String domain, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(domain.getBytes(StandardCharsets.UTF_8));
      verifier.update((byte) 0);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // a point or number that is none
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKeyId key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return text();
  }
}
