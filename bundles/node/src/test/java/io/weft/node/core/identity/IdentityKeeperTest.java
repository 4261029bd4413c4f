package io.weft.node.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.NodeIdentity;
import io.weft.node.core.TestConfig;
import io.weft.node.core.secret.SchemeSecrets;
import io.weft.testkit.FakeSecretSource;
import io.weft.testkit.FormationIdentity;
import io.weft.testkit.ManualTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdentityKeeperTest {

  private static final String SECRET = "a formation secret of the test";

  private final ManualTime time = new ManualTime();
  private final SchemeSecrets secrets = new SchemeSecrets();
  private final FakeSecretSource file = new FakeSecretSource("file");
  private final List<NodeIdentity> published = new ArrayList<>();
  private final IdentityKeeper keeper =
      new IdentityKeeper(
          identity -> {
            published.add(identity);
            return () -> published.remove(identity);
          },
          TestConfig.of("a"),
          secrets,
          time,
          time,
          Runnable::run);

  @AfterEach
  void close() {
    keeper.close();
    assertThat(published).isEmpty();
    assertThat(time.pending()).isZero();
    secrets.close();
  }

  @Test
  void isTheIdentityThatFollowsFromTheSecret() {
    file.with("formation", SECRET);
    secrets.addSource(file, Map.of());

    FormationIdentity same = FormationIdentity.of(SECRET, "demo", "a");
    assertThat(published).hasSize(1);
    NodeIdentity identity = published.get(0);
    assertThat(identity.self()).isEqualTo(same.self());
    assertThat(identity.expected("b")).isEqualTo(same.expected("b")).isPresent();
    assertThat(same.verify(identity.self(), "d", new byte[3], identity.sign("d", new byte[3]))).isTrue();
    assertThat(identity.keyManager().getCertificateChain("weft")).containsExactly(identity.certificate());
    assertThat(readiness().status()).isEqualTo(HealthStatus.ok);
  }

  @Test
  void waitsForTheSourceAndSaysSo() {
    assertThat(published).isEmpty();
    assertThat(readiness().status()).isEqualTo(HealthStatus.critical);
    assertThat(readiness().message())
        .isEqualTo(
            "secret:file/formation: no secret source with scheme 'file' is running; there are none; install the bundle that has "
                + "it or"
                + " change the reference");
  }

  @Test
  void triesAgainUntilTheSecretIsThere() {
    secrets.addSource(file, Map.of());
    assertThat(readiness().message()).isEqualTo("secret:file/formation: there is no such secret");

    file.with("formation", SECRET);
    time.advance(Duration.ofSeconds(10));

    assertThat(published).hasSize(1);
  }

  @Test
  void refusesASecretThatCouldBeGuessed() {
    file.with("formation", "short");
    secrets.addSource(file, Map.of());

    assertThat(published).isEmpty();
    assertThat(readiness().message())
        .isEqualTo(
            "secret:file/formation: a formation secret has at least 16 bytes, this one has 5; write a longer one, the same on "
                + "all nodes");
  }

  @Test
  void renewsTheCertificateAtHalfItsLife() {
    file.with("formation", SECRET);
    secrets.addSource(file, Map.of());
    NodeIdentity identity = published.get(0);
    X509Certificate first = identity.certificate();
    assertThat(Duration.between(first.getNotBefore().toInstant(), time.now())).isEqualTo(Duration.ofDays(1));
    assertThat(Duration.between(first.getNotBefore().toInstant(), first.getNotAfter().toInstant()))
        .isEqualTo(Duration.ofDays(30));

    time.advance(Duration.ofDays(13).plusHours(23));
    assertThat(identity.certificate()).isSameAs(first);

    time.advance(Duration.ofHours(2));
    X509Certificate second = identity.certificate();
    assertThat(second).isNotEqualTo(first);
    assertThat(second.getPublicKey()).isEqualTo(first.getPublicKey());
    assertThat(identity.keyManager().getCertificateChain("weft")).containsExactly(second);
  }

  private HealthResult readiness() {
    return keeper.check().stream().filter(r -> r.kind() == HealthKind.readiness).findFirst().orElseThrow();
  }
}
