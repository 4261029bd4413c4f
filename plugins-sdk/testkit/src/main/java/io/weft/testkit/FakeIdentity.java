package io.weft.testkit;

import io.weft.node.Names;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A node's identity without a formation secret: keys follow from fabric and name, so all fakes of one fabric know each other's.
 * Signatures and certificates are real.
 */
public final class FakeIdentity implements NodeIdentity {

  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String fabric;
  private final PeerIdentity self;
  private final KeyPair keys;
  private final X509Certificate certificate;

  public FakeIdentity(String fabric, String name) {
    this(fabric, name, FakeCertificates.keys(fabric + "/" + name));
  }

  /** A node that claims a name with a key of its own: for those who must be refused, give keys that are not the fabric's. */
  public FakeIdentity(String fabric, String name, KeyPair keys) {
    this(fabric, name, keys, FakeCertificates.certificate("CN=" + name + ",O=" + fabric, keys.getPublic(), keys.getPrivate(),
        Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(30))));
  }

  /** A node that shows this certificate, whatever is wrong with it. */
  public FakeIdentity(String fabric, String name, KeyPair keys, X509Certificate certificate) {
    this.fabric = fabric;
    this.self = PeerIdentity.of(name, FakeCertificates.raw(keys.getPublic()));
    this.keys = keys;
    this.certificate = certificate;
  }

  @Override
  public PeerIdentity self() {
    return self;
  }

  @Override
  public X509Certificate certificate() {
    return certificate;
  }

  @Override
  public X509ExtendedKeyManager keyManager() {
    return new OneKey(keys.getPrivate(), certificate);
  }

  @Override
  public Optional<PeerIdentity> expected(String name) {
    return Names.isValid(name)
        ? Optional.of(PeerIdentity.of(name, FakeCertificates.raw(FakeCertificates.keys(fabric + "/" + name).getPublic())))
        : Optional.empty();
  }

  @Override
  public byte[] sign(String domain, byte[] message) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update(framed(domain, message));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean verify(PeerIdentity signer, String domain, byte[] message, byte[] signature) {
    try {
      byte[] spki = ByteBuffer.allocate(44).put(SPKI_PREFIX).put(signer.publicKey()).array();
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
      verifier.update(framed(domain, message));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] framed(String domain, byte[] message) {
    byte[] prefix = domain.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(prefix.length + 1 + message.length).put(prefix).put((byte) 0).put(message).array();
  }

  /** Shows the one key whatever is asked. */
  private static final class OneKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "node";
    private final PrivateKey key;
    private final X509Certificate certificate;

    OneKey(PrivateKey key, X509Certificate certificate) {
      this.key = key;
      this.certificate = certificate;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }
}
