package io.weft.transport.quic;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the node's key manager and native TLS, which takes down the whole process when it is given a private key that it
 * cannot parse. Only a key in the one form that it can is let through, and only after it signed something that its certificate
 * verifies; with any other, handshakes fail.
 */
final class GuardedKeys extends X509ExtendedKeyManager {

  private static final Logger log = LoggerFactory.getLogger(GuardedKeys.class);
  private static final byte[] PKCS8_V1_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final int SEED_LENGTH = 32;
  private static final String KEY_TYPE = "EdDSA";

  private final X509ExtendedKeyManager source;
  // One check per key and certificate; a renewed certificate is another.
  private volatile @Nullable Checked last;

  private record Checked(PrivateKey given, X509Certificate certificate, @Nullable PrivateKey safe) {}

  GuardedKeys(X509ExtendedKeyManager source) {
    this.source = source;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    X509Certificate[] chain = source.getCertificateChain(alias);
    // Without a chain the codec gives up before it asks for the key; without a key it would go on.
    return chain == null || chain.length == 0 || safe(source.getPrivateKey(alias), chain[0]) == null ? null : chain;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Checked checked = last;
    return checked == null ? null : checked.safe;
  }

  private @Nullable PrivateKey safe(@Nullable PrivateKey key, X509Certificate certificate) {
    if (key == null) {
      return null;
    }
    Checked checked = last;
    if (checked == null || checked.given != key || !checked.certificate.equals(certificate)) {
      checked = new Checked(key, certificate, checked(key, certificate));
      last = checked;
    }
    return checked.safe;
  }

  private static @Nullable PrivateKey checked(PrivateKey key, X509Certificate certificate) {
    try {
      PrivateKey plain = plain(key);
      byte[] probe = "weft key check".getBytes(StandardCharsets.US_ASCII);
      Signature signing = Signature.getInstance("Ed25519");
      signing.initSign(plain);
      signing.update(probe);
      byte[] signature = signing.sign();
      Signature verifying = Signature.getInstance("Ed25519");
      verifying.initVerify(certificate.getPublicKey());
      verifying.update(probe);
      if (verifying.verify(signature)) {
        return plain;
      }
      log.error("node key does not fit its certificate; no link can be opened or accepted");
    } catch (GeneralSecurityException | RuntimeException e) {
      log.error("node key cannot be used for links: {}", e.getMessage());
    }
    return null;
  }

  /** The key as PKCS#8 version 1, without the public key that version 2 appends. */
  static PrivateKey plain(PrivateKey key) throws GeneralSecurityException {
    byte[] encoded = key.getEncoded();
    if (encoded == null || !"PKCS#8".equals(key.getFormat())) {
      throw new GeneralSecurityException("it does not leave its key store");
    }
    try {
      byte[] seed = seed(encoded);
      byte[] plain = Arrays.copyOf(PKCS8_V1_PREFIX, PKCS8_V1_PREFIX.length + SEED_LENGTH);
      System.arraycopy(seed, 0, plain, PKCS8_V1_PREFIX.length, SEED_LENGTH);
      Arrays.fill(seed, (byte) 0);
      PrivateKey made = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(plain));
      if (!Arrays.equals(made.getEncoded(), plain)) {
        throw new GeneralSecurityException("this JDK does not encode Ed25519 keys as PKCS#8 version 1");
      }
      Arrays.fill(plain, (byte) 0);
      return made;
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static byte[] seed(byte[] encoded) throws GeneralSecurityException {
    // Both versions: SEQUENCE, INTEGER version, the algorithm, then the seed in two octet strings; version 2 goes on behind it.
    int start = 2;
    byte[] middle = Arrays.copyOfRange(PKCS8_V1_PREFIX, start + 3, PKCS8_V1_PREFIX.length);
    int at = start + 3;
    boolean known =
        encoded.length >= PKCS8_V1_PREFIX.length + SEED_LENGTH
            && encoded[0] == 0x30
            && (encoded[1] & 0xff) == encoded.length - 2
            && encoded[2] == 2
            && encoded[3] == 1
            && (encoded[4] == 0 || encoded[4] == 1)
            && Arrays.equals(encoded, at, at + middle.length, middle, 0, middle.length);
    if (!known) {
      throw new GeneralSecurityException("it is not an Ed25519 key in PKCS#8");
    }
    return Arrays.copyOfRange(encoded, PKCS8_V1_PREFIX.length, PKCS8_V1_PREFIX.length + SEED_LENGTH);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return usable(source.chooseEngineClientAlias(new String[] {KEY_TYPE}, issuers, engine));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return usable(source.chooseEngineServerAlias(KEY_TYPE, issuers, engine));
  }

  private @Nullable String usable(@Nullable String alias) {
    return alias == null || getCertificateChain(alias) == null ? null : alias;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return source.getClientAliases(keyType, issuers);
  }

  @Override
  public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return source.chooseClientAlias(keyType, issuers, socket);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return source.getServerAliases(keyType, issuers);
  }

  @Override
  public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
    return source.chooseServerAlias(keyType, issuers, socket);
  }
}
