package io.weft.node.core.identity;

import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.support.identity.Certificates;
import io.weft.support.identity.Ed25519Key;
import io.weft.support.identity.Formation;
import io.weft.support.identity.OneKeyManager;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/** An identity that follows from the formation secret and the name of the node. Nothing is stored. */
final class FormationNodeIdentity implements NodeIdentity {

  /** Certificates start in the past, for peers whose clocks are slow. */
  static final Duration CLOCK_SKEW = Duration.ofDays(1);

  static final Duration LIFETIME = Duration.ofDays(30);

  private final Formation formation;
  private final String fabric;
  private final PeerIdentity self;
  private final Ed25519Key key;
  private final Clock clock;
  private final X509ExtendedKeyManager keyManager;
  private volatile X509Certificate certificate;

  FormationNodeIdentity(Formation formation, String fabric, String name, Clock clock) {
    this.formation = formation;
    this.fabric = fabric;
    this.key = formation.key(name);
    this.self = PeerIdentity.of(name, key.publicKey());
    this.clock = clock;
    this.certificate = issue();
    this.keyManager = new OneKeyManager(key.privateKey(), this::certificate);
  }

  /** Makes a new certificate if half the life of the current one is over, or if the clock was set to before its beginning. */
  boolean renewIfDue() {
    Instant now = clock.now();
    Instant from = certificate.getNotBefore().toInstant();
    if (now.isBefore(from.plus(LIFETIME.dividedBy(2))) && !now.isBefore(from)) {
      return false;
    }
    certificate = issue();
    return true;
  }

  private X509Certificate issue() {
    Instant from = clock.now().minus(CLOCK_SKEW);
    return Certificates.selfSigned(self.name(), fabric, key, from, from.plus(LIFETIME));
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
