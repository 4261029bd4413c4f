package org.example.passstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.secret.Secret;
import io.weft.secret.SecretUnavailable;
import io.weft.testkit.ManualTime;
import io.weft.testkit.RealTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in the place of pass. */
class PassStoreTest {

  private static final String PROGRAM = """
      case $2 in
        db/password) echo correct-horse; echo "user: weft" ;;
        empty) ;;
        endless) while :; do echo more; done ;;
        stuck) exec sleep 600 ;;
        *) echo "Error: correct-horse is not $2" >&2; exit 1 ;;
      esac
      """;

  @TempDir
  Path folder;

  static PassStore store(Path folder) throws IOException {
    return new PassStore(command(folder), true, Duration.ofSeconds(60), new ManualTime());
  }

  private static List<String> command(Path folder) throws IOException {
    return List.of("sh", Files.writeString(folder.resolve("pass"), PROGRAM).toString(), "show");
  }

  @Test
  void theFirstLineIsTheSecret() throws Exception {
    try (Secret secret = store(folder).read("db/password")) {
      assertThat(text(secret)).isEqualTo("correct-horse");
    }
  }

  @Test
  void orAllOfIt() throws Exception {
    try (Secret secret = new PassStore(command(folder), false, Duration.ofSeconds(60), new ManualTime()).read("db/password")) {
      assertThat(text(secret)).isEqualTo("correct-horse\nuser: weft\n");
    }
  }

  @Test
  void nothingAndTooMuchAreNoSecrets() throws Exception {
    PassStore store = store(folder);
    assertThatThrownBy(() -> store.read("empty")).isInstanceOf(SecretUnavailable.class).hasMessageContaining("printed nothing");
    assertThatThrownBy(() -> store.read("endless")).isInstanceOf(SecretUnavailable.class).hasMessageContaining("too long");
  }

  @Test
  void aProgramThatHangsIsEnded() throws Exception {
    try (RealTime time = new RealTime()) {
      PassStore store = new PassStore(command(folder), true, Duration.ofMillis(200), time);
      assertThatThrownBy(() -> store.read("stuck")).isInstanceOf(SecretUnavailable.class).hasMessageContaining("ended with code");
    }
  }

  @Test
  void aProgramThatIsNotThereIsSaid() {
    PassStore store = new PassStore(List.of("no-such-program"), true, Duration.ofSeconds(60), new ManualTime());
    assertThatThrownBy(() -> store.read("db/password")).isInstanceOf(SecretUnavailable.class).hasMessageContaining("install it");
  }

  private static String text(Secret secret) {
    return new String(secret.copy(), StandardCharsets.UTF_8);
  }
}
