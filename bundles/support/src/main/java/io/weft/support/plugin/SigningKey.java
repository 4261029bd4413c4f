package io.weft.support.plugin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An Ed25519 key pair that signs; kept in PEM, PKCS#8, as {@code openssl genpkey -algorithm ed25519} writes it. */
public final class SigningKey {

  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  // OneAsymmetricKey of an Ed25519 key, version 1, before its seed of 32 bytes.
  private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

  private final byte[] encoded;
  private final PrivateKey key;
  private final PublicKeyId publicKey;

  private SigningKey(byte[] seed) {
    this.encoded = Arrays.copyOf(PKCS8, PKCS8.length + 32);
    System.arraycopy(seed, 0, encoded, PKCS8.length, 32);
    try {
      this.key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      // The JDK has no other way from a seed to its public key than to make the pair with a source of randomness that yields the seed.
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
      byte[] x509 = generator.generateKeyPair().getPublic().getEncoded();
      this.publicKey = new PublicKeyId(Arrays.copyOfRange(x509, x509.length - 32, x509.length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
    if (!publicKey.verify("weft/self-test", seed, sign("weft/self-test", seed))) {
      throw new IllegalStateException("this JDK makes Ed25519 keys in a way that is not known here");
    }
  }

  private static final class Fixed extends SecureRandom {

    private static final long serialVersionUID = 1L;
    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
    }
  }

  public static SigningKey generate(SecureRandom random) {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    return new SigningKey(seed);
  }

  /** @throws IllegalArgumentException if it is no such key; the message repeats nothing of it */
  public static SigningKey parse(String pem) {
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("it is no private key: the line " + BEGIN + " is missing");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is no private key: what is between the lines is not base64");
    }
    if (der.length != PKCS8.length + 32 || !Arrays.equals(der, 0, PKCS8.length, PKCS8, 0, PKCS8.length)) {
      throw new IllegalArgumentException("it is no private key for Ed25519 without a password; make one with 'weft plugin key new'");
    }
    return new SigningKey(Arrays.copyOfRange(der, PKCS8.length, der.length));
  }

  /** The private key. Never log or print it; for the file it is kept in. */
  public String pem() {
    return BEGIN + "\n" + Base64.getEncoder().encodeToString(encoded) + "\n" + END + "\n";
  }

  public PublicKeyId publicKey() {
    return publicKey;
  }

  /** Signs {@code domain || 0x00 || message}. */
  public byte[] sign(String domain, byte[] message) {
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(domain.getBytes(StandardCharsets.UTF_8));
      signer.update((byte) 0);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was taken does not sign", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[" + publicKey.id() + "]"; // never the seed
  }
}
