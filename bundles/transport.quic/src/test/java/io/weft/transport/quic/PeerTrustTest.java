package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.PeerIdentity;
import io.weft.support.trust.PeerTrust;
import io.weft.testkit.FakeCertificates;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.ManualTime;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerTrustTest {

  private static final FakeIdentity B = new FakeIdentity("test", "b");
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private final ManualTime time = new ManualTime(NOW);

  private static X509Certificate certificate(String subject, KeyPair keys) {
    return FakeCertificates.certificate(subject, keys.getPublic(), keys.getPrivate(), NOW.minusSeconds(60),
        NOW.plusSeconds(3_600));
  }

  private static KeyPair keys() {
    return FakeCertificates.keys("test/b");
  }

  private String refusal(X509Certificate... chain) {
    PeerTrust trust = PeerTrust.in(B.self(), "test", time);
    assertThatThrownBy(() -> trust.check(chain)).isInstanceOf(CertificateException.class);
    assertThat(trust.peer()).isNull();
    return trust.refusal().code();
  }

  @Test
  void takesTheOneThatIsExpected() throws Exception {
    for (String subject : new String[] {"CN=b,O=test", "O=test,CN=b"}) {
      PeerTrust trust = PeerTrust.in(B.self(), "test", time);
      trust.check(new X509Certificate[] {certificate(subject, keys())});
      assertThat(trust.peer()).isEqualTo(B.self());
      assertThat(trust.refusal()).isNull();
    }
  }

  @Test
  void wantsExactlyOneCertificate() {
    assertThat(refusal()).isEqualTo("no_certificate");
    assertThat(refusal((X509Certificate[]) null)).isEqualTo("no_certificate");
    X509Certificate good = certificate("CN=b,O=test", keys());
    assertThat(refusal(good, good)).isEqualTo("certificate_invalid");
  }

  @Test
  void wantsItsSubjectToTheLetter() {
    assertThat(refusal(certificate("CN=b", keys()))).isEqualTo("certificate_invalid");
    assertThat(refusal(certificate("CN=b,O=test,OU=x", keys()))).isEqualTo("certificate_invalid");
    assertThat(refusal(certificate("CN=b+O=test", keys()))).isEqualTo("certificate_invalid");
    assertThat(refusal(certificate("CN=B,O=test", keys()))).isEqualTo("certificate_invalid");
    assertThat(refusal(certificate("CN=\"b,O=test\",O=x", keys()))).isEqualTo("certificate_invalid");
    assertThat(refusal(certificate("CN=c,O=test", keys()))).isEqualTo("wrong_name");
    assertThat(refusal(certificate("CN=b,O=tes", keys()))).isEqualTo("wrong_fabric");
  }

  @Test
  void wantsItsOwnKeyToHaveSignedIt() {
    KeyPair other = FakeCertificates.keys("other");
    X509Certificate forged =
        FakeCertificates.certificate("CN=b,O=test", keys()
            .getPublic(), other.getPrivate(), NOW.minusSeconds(60), NOW.plusSeconds(60));
    assertThat(refusal(forged)).isEqualTo("certificate_invalid");
    assertThat(refusal(certificate("CN=b,O=test", other))).isEqualTo("wrong_key");
  }

  @Test
  void wantsItToBeValidNow() {
    time.advance(Duration.ofSeconds(3_601));
    PeerTrust late = PeerTrust.in(B.self(), "test", time);
    // This one refusal is told to the peer, whose clock it may be.
    assertThatThrownBy(() -> late.check(new X509Certificate[] {certificate("CN=b,O=test", keys())}))
        .isInstanceOf(CertificateExpiredException.class);
    assertThat(late.refusal().code()).isEqualTo("certificate_expired");
    ManualTime early = new ManualTime(NOW.minusSeconds(3_600));
    PeerTrust trust = PeerTrust.in(B.self(), "test", early);
    assertThatThrownBy(() -> trust.check(new X509Certificate[] {certificate("CN=b,O=test", keys())}))
        .isInstanceOf(CertificateException.class);
    assertThat(trust.refusal().detail()).contains("valid only from");
  }

  @Test
  void asksWhoIsExpected() throws Exception {
    X509Certificate[] chain = {certificate("CN=b,O=test", keys())};
    PeerTrust knows = PeerTrust.inAny(name -> Optional.of(B.self()).filter(p -> p.name().equals(name)), "test", time);
    knows.check(chain);
    assertThat(knows.peer()).isEqualTo(B.self());

    PeerTrust knowsNobody = PeerTrust.inAny(name -> Optional.empty(), "test", time);
    assertThatThrownBy(() -> knowsNobody.check(chain)).isInstanceOf(CertificateException.class);
    assertThat(knowsNobody.refusal().code()).isEqualTo("unknown_peer");

    PeerIdentity impostor = PeerIdentity.of("b", FakeCertificates.raw(FakeCertificates.keys("impostor").getPublic()));
    PeerTrust expectsAnother = PeerTrust.inAny(name -> Optional.of(impostor), "test", time);
    assertThatThrownBy(() -> expectsAnother.check(chain)).isInstanceOf(CertificateException.class);
    assertThat(expectsAnother.refusal().code()).isEqualTo("wrong_key");

    PeerTrust broken = PeerTrust.inAny(name -> {
      throw new IllegalArgumentException("thrown on purpose");
    }, "test", time);
    assertThatThrownBy(() -> broken.check(chain)).isInstanceOf(CertificateException.class);
    assertThat(broken.refusal().code()).isEqualTo("internal");
  }
}
