package io.weft.support.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A key pair made from its seed. Immutable. Signs with BouncyCastle's plain functions, so that no provider is registered. */
public final class Ed25519Key {

  /** Bytes of a PKCS#8 version 1 encoding. BoringSSL takes no other; given version 2 it brings down the process. */
  private static final int PKCS8_V1 = 48;

  private final byte[] seed;
  private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];

  /** @param seed 32 bytes; copied */
  public Ed25519Key(byte[] seed) {
    if (seed.length != Ed25519.SECRET_KEY_SIZE) {
      throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
    }
    this.seed = seed.clone();
    Ed25519.generatePublicKey(this.seed, 0, publicKey, 0);
  }

  /** The raw 32 bytes. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** The private key as the JDK's own class, whose encoding native TLS understands. */
  public PrivateKey privateKey() {
    try {
      PrivateKey key = KeyFactory.getInstance("Ed25519")
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
      byte[] encoded = key.getEncoded();
      if (encoded == null || encoded.length != PKCS8_V1) {
        throw new IllegalStateException("this JDK does not encode Ed25519 keys as PKCS#8 version 1, which TLS needs");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  public byte[] sign(byte[] message) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
    return signature;
  }

  /** Signs {@code domain || 0x00 || message}. */
  public byte[] sign(String domain, byte[] message) {
    return sign(inDomain(domain, message));
  }

  /** Whether the signature over {@code domain || 0x00 || message} is good. False for whatever is malformed. */
  public static boolean verify(byte[] publicKey, String domain, byte[] message, byte[] signature) {
    return verify(publicKey, inDomain(domain, message), signature);
  }

  /** Whether the signature is good. False for keys and signatures that are malformed. */
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    return publicKey.length == Ed25519.PUBLIC_KEY_SIZE
        && signature.length == Ed25519.SIGNATURE_SIZE
        && Ed25519.validatePublicKeyFull(publicKey, 0)
        && Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
  }

  private static byte[] inDomain(String domain, byte[] message) {
    byte[] prefix = domain.getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(prefix, prefix.length + 1 + message.length);
    System.arraycopy(message, 0, all, prefix.length + 1, message.length);
    return all;
  }

  @Override
  public String toString() {
    return "Ed25519Key"; // never the seed
  }
}
