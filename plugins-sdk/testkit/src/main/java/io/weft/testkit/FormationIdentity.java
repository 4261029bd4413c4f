package io.weft.testkit;

import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.support.identity.Certificates;
import io.weft.support.identity.Ed25519Key;
import io.weft.support.identity.Formation;
import io.weft.support.identity.OneKeyManager;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A real identity out of a formation secret: what a node of that name would have. The {@code with...} methods give copies that
 * present a certificate which a peer has to refuse.
 *
 * <pre>{@code
 * FormationIdentity a = FormationIdentity.of("a secret of the test", "demo", "a");
 * FormationIdentity impostor = FormationIdentity.of("some other secret", "demo", "a"); // wrong key
 * FormationIdentity late = a.withValidity(Instant.now().minus(9, DAYS), Instant.now().minus(1, DAYS)); // expired
 * }</pre>
 */
public final class FormationIdentity implements NodeIdentity {

  private final Formation formation;
  private final PeerIdentity self;
  private final Ed25519Key key;
  private final Presented presented;
  private final X509Certificate certificate;
  private final X509ExtendedKeyManager keyManager;

  private record Presented(String name, String fabric, Ed25519Key signer, Instant notBefore, Instant notAfter) {}

  private FormationIdentity(Formation formation, PeerIdentity self, Ed25519Key key, Presented presented) {
    this.formation = formation;
    this.self = self;
    this.key = key;
    this.presented = presented;
    this.certificate =
        Certificates.signed(
            presented.name, presented.fabric, key, presented.signer, presented.notBefore, presented.notAfter);
    this.keyManager = new OneKeyManager(key.privateKey(), () -> certificate);
  }

  /** @param secret at least 16 characters; nodes that share it expect each other */
  public static FormationIdentity of(String secret, String fabric, String name) {
    Formation formation = new Formation(secret.getBytes(StandardCharsets.UTF_8));
    Ed25519Key key = formation.key(name);
    Instant now = Instant.now();
    Presented good = new Presented(name, fabric, key, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(29)));
    return new FormationIdentity(formation, PeerIdentity.of(name, key.publicKey()), key, good);
  }

  /** The right key and name, with a certificate that is valid at another time. */
  public FormationIdentity withValidity(Instant notBefore, Instant notAfter) {
    return with(new Presented(presented.name, presented.fabric, presented.signer, notBefore, notAfter));
  }

  /** The right key, with a certificate that says another name. */
  public FormationIdentity withCertificateName(String name) {
    return with(new Presented(name, presented.fabric, presented.signer, presented.notBefore, presented.notAfter));
  }

  /** The right key and name, with a certificate that says another fabric. */
  public FormationIdentity withCertificateFabric(String fabric) {
    return with(new Presented(presented.name, fabric, presented.signer, presented.notBefore, presented.notAfter));
  }

  /** The right key and name, with a certificate that {@code signer} signed rather than its own key. */
  public FormationIdentity withCertificateSignedBy(FormationIdentity signer) {
    return with(new Presented(presented.name, presented.fabric, signer.key, presented.notBefore, presented.notAfter));
  }

  private FormationIdentity with(Presented other) {
    return new FormationIdentity(formation, self, key, other);
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
    return keyManager;
  }

  @Override
  public Optional<PeerIdentity> expected(String name) {
    return formation.identity(name);
  }

  @Override
  public byte[] sign(String domain, byte[] message) {
    return key.sign(domain, message);
  }

  @Override
  public boolean verify(PeerIdentity signer, String domain, byte[] message, byte[] signature) {
    return Ed25519Key.verify(signer.publicKey(), domain, message, signature);
  }
}
