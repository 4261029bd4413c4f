package io.weft.support.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.NodeId;
import io.weft.node.PeerIdentity;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FormationTest {

  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-01-31T00:00:00Z");

  private final Formation formation = new Formation("sixteen bytes or more".getBytes(US_ASCII));

  @Test
  void sameSecretAndNameGiveTheSameKeyForEver() {
    Formation again = new Formation("sixteen bytes or more".getBytes(US_ASCII));

    assertThat(again.identity("a")).isEqualTo(formation.identity("a"));
    assertThat(formation.identity("a")).isNotEqualTo(formation.identity("b"));
    assertThat(new Formation("another secret of them".getBytes(US_ASCII)).identity("a")).isNotEqualTo(formation.identity("a"));
  }

  @Test
  void namesThatNoNodeCanHaveHaveNoKey() {
    assertThat(formation.identity("weft/secret/v1/x")).isEmpty();
    assertThat(formation.identity("")).isEmpty();
  }

  @Test
  void remembersABoundedNumberOfNames() {
    PeerIdentity first = formation.identity("n0").orElseThrow();
    for (int i = 1; i < 1100; i++) {
      formation.identity("n" + i);
    }
    assertThat(formation.identity("n0")).contains(first);
  }

  @Test
  void refusesAShortSecretWithoutRepeatingIt() {
    assertThatThrownBy(() -> new Formation("short".getBytes(US_ASCII)))
        .hasMessage("a formation secret has at least 16 bytes, this one has 5");
  }

  /** RFC 8032, 7.1, test 1. */
  @Test
  void keyAndSignatureAreThoseOfTheRfc() {
    Ed25519Key key = new Ed25519Key(HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

    assertThat(HexFormat.of().formatHex(key.publicKey()))
        .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertThat(HexFormat.of().formatHex(key.sign(new byte[0])))
        .isEqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  }

  @Test
  void theJdkAgreesWithOurSignaturesAndKeys() throws Exception {
    Ed25519Key key = formation.key("a");
    byte[] message = "hello".getBytes(US_ASCII);
    X509Certificate certificate = Certificates.selfSigned("a", "demo", key, FROM, TO);

    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(certificate.getPublicKey());
    verifier.update(message);
    assertThat(verifier.verify(key.sign(message))).isTrue();

    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(key.privateKey());
    signer.update(message);
    assertThat(signer.sign()).isEqualTo(key.sign(message));
    assertThat(key.privateKey().getEncoded()).hasSize(48);
  }

  @Test
  void certificateSaysWhoItIsAndIsSignedByItsOwnKey() throws Exception {
    Ed25519Key key = formation.key("a");
    X509Certificate certificate = Certificates.selfSigned("a", "demo", key, FROM, TO);

    assertThat(certificate.getSubjectX500Principal()).isEqualTo(certificate.getIssuerX500Principal());
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("O=demo,CN=a");
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(FROM);
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(TO);
    assertThat(certificate.getVersion()).isEqualTo(3);
    byte[] encoded = certificate.getPublicKey().getEncoded();
    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    assertThat(NodeId.of(raw)).isEqualTo(formation.identity("a").orElseThrow().id());
    PublicKey parsed = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    certificate.verify(parsed);
  }

  @Test
  void aCertificateSignedByAnotherKeyDoesNotVerify() {
    X509Certificate certificate = Certificates.signed("a", "demo", formation.key("a"), formation.key("b"), FROM, TO);

    assertThatThrownBy(() -> certificate.verify(certificate.getPublicKey()))
        .isInstanceOfAny(CertificateException.class, java.security.SignatureException.class);
  }

  @Test
  void aSignatureCountsOnlyInItsDomain() {
    Ed25519Key key = formation.key("a");
    byte[] message = {1, 2, 3};
    byte[] signature = key.sign("record", message);

    assertThat(Ed25519Key.verify(key.publicKey(), "record", message, signature)).isTrue();
    assertThat(Ed25519Key.verify(key.publicKey(), "other", message, signature)).isFalse();
    assertThat(Ed25519Key.verify(formation.key("b").publicKey(), "record", message, signature)).isFalse();
    assertThat(Ed25519Key.verify(key.publicKey(), "record", message, new byte[64])).isFalse();
    assertThat(Ed25519Key.verify(key.publicKey(), "record", message, new byte[3])).isFalse();
    assertThat(Ed25519Key.verify(new byte[32], "record", message, signature)).isFalse();
  }
}
