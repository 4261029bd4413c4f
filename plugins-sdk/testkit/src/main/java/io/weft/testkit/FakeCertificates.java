package io.weft.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;

/** Ed25519 keys and certificates for tests, good ones and bad ones, with nothing but the JDK. */
public final class FakeCertificates {

  private static final byte[] ED25519 = {0x30, 5, 6, 3, 0x2b, 0x65, 0x70};
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private FakeCertificates() {}

  /** The same key pair for the same text, always. */
  public static KeyPair keys(String text) {
    try {
      byte[] seed = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(255, new FixedRandom(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The raw 32 bytes of an Ed25519 public key. */
  public static byte[] raw(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
  }

  /**
   * A certificate for {@code subject}, issued under the same name.
   *
   * @param subject such as {@code CN=a,O=demo}
   * @param key what it certifies
   * @param signer who signs: the private key of {@code key} for a good one, any other for a bad one
   */
  public static X509Certificate certificate(String subject, PublicKey key, PrivateKey signer, Instant from, Instant until) {
    try {
      byte[] name = new X500Principal(subject).getEncoded();
      byte[] body = der(0x30,
          der(0xa0, der(2, new byte[] {2})),
          der(2, new BigInteger(1, Arrays.copyOf(raw(key), 8)).toByteArray()),
          ED25519,
          name,
          der(0x30, time(from), time(until)),
          name,
          key.getEncoded());
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(signer);
      signature.update(body);
      byte[] whole = der(0x30, body, ED25519, der(3, new byte[] {0}, signature.sign()));
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] time(Instant at) {
    return at.isBefore(Instant.parse("2050-01-01T00:00:00Z"))
        ? der(0x17, TIME.format(at).substring(2).getBytes(StandardCharsets.US_ASCII))
        : der(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length > 255) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 127) {
      out.write(0x81);
    }
    out.write(length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Gives the seed and nothing else: the JDK draws a key's 32 bytes in one call. */
  private static final class FixedRandom extends SecureRandom {

    private static final long serialVersionUID = 1L;
    private final byte[] seed;

    FixedRandom(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
