package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.secret.Secret;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link SecretSource} does. Extend it, and say which secret is there. */
public abstract class SecretSourceContract {

  private SecretSource source;

  /** A source that has the secret {@link #existing} and not {@link #missing}. Called before each test. */
  protected abstract SecretSource open() throws Exception;

  /** The name of a secret that is there. */
  protected abstract String existing();

  /** Its value; at least 8 bytes, so that it would be noticed where it does not belong. */
  protected abstract byte[] value();

  /** A well-formed name of a secret that is not there. */
  protected abstract String missing();

  @BeforeEach
  void openSource() throws Exception {
    source = open();
  }

  @Test
  void schemeIsConstantAndWellFormed() {
    assertThat(source.scheme()).matches("[a-z][a-z0-9-]{0,31}").isEqualTo(source.scheme());
  }

  @Test
  void readsWhatIsThere() throws SecretUnavailable {
    try (Secret secret = source.read(existing())) {
      assertThat(secret.copy()).isEqualTo(value());
    }
  }

  @Test
  void eachReadIsACopyOfItsOwn() throws SecretUnavailable {
    Secret first = source.read(existing());
    try (Secret second = source.read(existing())) {
      first.close();
      assertThat(second.copy()).isEqualTo(value());
    }
  }

  @Test
  void whatIsNotThereIsUnavailableWithItsReference() {
    assertThatThrownBy(() -> source.read(missing()))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("secret:" + source.scheme() + "/" + missing())
        .satisfies(this::isOneLineWithoutTheSecret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", "../x", "a/../../x", "a//b", "a/./b", "/", "//", "~", "a b", "a\nb", "a\0b", "a\\b", "%2e%2e/x",
            "\u202eb", "-", "a/",
        "../../../../../../etc/passwd", "C:\\x", "*", "=", "A=B"
      })
  void strangeNamesAreUnavailableRatherThanAnError(String name) {
    assertThatThrownBy(() -> source.read(name)).isInstanceOf(SecretUnavailable.class).satisfies(this::isOneLineWithoutTheSecret);
  }

  @Test
  void overlongNamesAreUnavailable() {
    assertThatThrownBy(() -> source.read("n".repeat(100_000)))
        .isInstanceOf(SecretUnavailable.class)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(2_000));
  }

  @Test
  void namesAreBoundedAndNeverValues() {
    List<String> names = source.names();

    assertThat(names).hasSizeLessThanOrEqualTo(1000).doesNotHaveDuplicates().doesNotContain(text(value()));
    if (!names.isEmpty()) {
      assertThat(names).contains(existing()).doesNotContain(missing());
    }
  }

  @Test
  void manyThreadsReadAtOnce() {
    List<CompletableFuture<byte[]>> reads =
        IntStream.range(0, 32)
            .mapToObj(i -> CompletableFuture.supplyAsync(this::readUnchecked)
                .orTimeout(Duration.ofSeconds(10).toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
            .toList();

    assertThat(reads).allSatisfy(read -> assertThat(read.join()).isEqualTo(value()));
  }

  private byte[] readUnchecked() {
    try (Secret secret = source.read(existing())) {
      return secret.copy();
    } catch (SecretUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  private void isOneLineWithoutTheSecret(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage());
      assertThat(message).doesNotContain(text(value())).doesNotContain(HexFormat.of().formatHex(value()));
    }
    assertThat(failure.getMessage()).isNotBlank().doesNotContain("\n", "\r", "\0", "\u202e");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
