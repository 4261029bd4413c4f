package io.weft.node.core.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import io.weft.testkit.FakeSecretSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemeSecretsTest {

  private final SchemeSecrets secrets = new SchemeSecrets(Duration.ofMillis(200));

  @AfterEach
  void close() {
    secrets.close();
  }

  @Test
  void asksTheSourceWithTheScheme() throws Exception {
    secrets.addSource(source("file", "one"), Map.of());
    secrets.addSource(source("env", "two"), Map.of());

    assertThat(read("secret:file/x")).isEqualTo("one");
    assertThat(read("secret:env/x")).isEqualTo("two");
    assertThat(secrets.names()).isEqualTo(Map.of("file", List.of("x"), "env", List.of("x")));
  }

  @Test
  void theHigherRankingWinsAndTheOtherTakesOver() throws Exception {
    SecretSource high = source("file", "high");
    secrets.addSource(source("file", "low"), Map.of("service.id", 1L));
    secrets.addSource(high, Map.of("service.id", 2L, "service.ranking", 10));
    assertThat(read("secret:file/x")).isEqualTo("high");

    secrets.removeSource(high);
    assertThat(read("secret:file/x")).isEqualTo("low");
  }

  @Test
  void whatItResolvedIsMaskedInAnyText() throws Exception {
    secrets.addSource(source("file", "a-value-of-some-length"), Map.of());
    assertThat(secrets.masked("it is a-value-of-some-length")).isEqualTo("it is a-value-of-some-length");

    read("secret:file/x");
    assertThat(secrets.masked("it is a-value-of-some-length.")).isEqualTo("it is ***.");
  }

  @Test
  void saysWhichSchemesThereAre() {
    secrets.addSource(source("file", "one"), Map.of());

    assertThatThrownBy(() -> read("secret:vault/db"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessage(
            "secret:vault/db: no secret source with scheme 'vault' is running; there are file; install the bundle that has it "
                + "or change"
                + " the reference");
  }

  @Test
  void givesUpOnASourceThatHangs() {
    CountDownLatch never = new CountDownLatch(1);
    secrets.addSource(new Failing("slow", () -> never.await()), Map.of());

    assertThatThrownBy(() -> read("secret:slow/x"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessage("secret:slow/x: its source did not answer within 200 ms; try again");
  }

  @Test
  void neverRepeatsWhatAForeignExceptionSays() {
    secrets.addSource(new Failing("bad", () -> {
      throw new IllegalStateException("the password is hunter2");
    }), Map.of());

    assertThatThrownBy(() -> read("secret:bad/x"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessage("secret:bad/x: its source failed with java.lang.IllegalStateException")
        .hasNoCause();
  }

  @Test
  void refusesWhatIsTooLong() {
    FakeSecretSource file = new FakeSecretSource("file");
    file.with("x", new byte[SchemeSecrets.SECRET_MAX + 1]);
    secrets.addSource(file, Map.of());

    assertThatThrownBy(() -> read("secret:file/x")).hasMessage("secret:file/x: has 65537 bytes, more than 65536");
  }

  private String read(String reference) throws SecretUnavailable {
    try (Secret secret = secrets.resolve(SecretReference.parse(reference))) {
      return new String(secret.copy(), US_ASCII);
    }
  }

  private static SecretSource source(String scheme, String value) {
    return new FakeSecretSource(scheme).with("x", value);
  }

  private interface Step {
    void run() throws Exception;
  }

  private record Failing(String scheme, Step step) implements SecretSource {

    @Override
    public Secret read(String name) throws SecretUnavailable {
      try {
        step.run();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new SecretUnavailable("interrupted", e);
      }
      return Secret.copyOf(new byte[1]);
    }

    @Override
    public List<String> names() {
      return List.of();
    }
  }
}
