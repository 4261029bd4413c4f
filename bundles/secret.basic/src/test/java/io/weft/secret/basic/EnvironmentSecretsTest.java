package io.weft.secret.basic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.secret.SecretSource;
import io.weft.testkit.SecretSourceContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentSecretsTest extends SecretSourceContract {

  private final EnvironmentSecrets secrets =
      new EnvironmentSecrets(Map.of("DB_PASSWORD", "correct horse", "EMPTY", "", "LONG", "x".repeat(65537))::get);

  @Override
  protected SecretSource open() {
    return secrets;
  }

  @Override
  protected String existing() {
    return "DB_PASSWORD";
  }

  @Override
  protected byte[] value() {
    return "correct horse".getBytes(UTF_8);
  }

  @Override
  protected String missing() {
    return "NOT_SET";
  }

  @Test
  void saysWhatToDo() {
    assertThatThrownBy(() -> secrets.read("NOT_SET"))
        .hasMessage("secret:env/NOT_SET: the environment variable is not set; set it where the node is started, and restart");
    assertThatThrownBy(() -> secrets.read("EMPTY"))
        .hasMessage("secret:env/EMPTY: the environment variable is empty; set it where the node is started, and restart");
    assertThatThrownBy(() -> secrets.read("LONG"))
        .hasMessage("secret:env/LONG: has more than 65536 bytes, which is too long for a secret");
    assertThatThrownBy(() -> secrets.read("a-b"))
        .hasMessage("secret:env/a-b: is not a name of an environment variable; use letters, digits and '_'");
  }
}
