package io.weft.secret.basic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.secret.SecretReference;
import io.weft.secret.SecretSource;
import io.weft.support.Hkdf;
import io.weft.testkit.FakeSecretSource;
import io.weft.testkit.SecretSourceContract;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FormationSecretsTest extends SecretSourceContract {

  private static final String FORMATION = "a formation secret of the test";
  private final FakeSecretSource file = new FakeSecretSource("file").with("formation", FORMATION);

  @Override
  protected SecretSource open() {
    return secrets("secret:file/formation");
  }

  private FormationSecrets secrets(String reference) {
    return new FormationSecrets(reference, (SecretReference asked) -> file.read(asked.name()));
  }

  @Override
  protected String existing() {
    return "turn/relay-1";
  }

  /** Sixty-four hex digits of HKDF with the name in its info. */
  @Override
  protected byte[] value() {
    byte[] key = Hkdf.expand(Hkdf.extract(FORMATION.getBytes(US_ASCII)), "weft/secret/v1/turn/relay-1".getBytes(US_ASCII), 32);
    return HexFormat.of().formatHex(key).getBytes(US_ASCII);
  }

  /** Every well-formed name has a secret. */
  @Override
  protected String missing() {
    return "not!a!name";
  }

  @Test
  void saysWhyTheFormationSecretIsOfNoUse() {
    file.with("short", "short");

    assertThatThrownBy(() -> secrets("secret:file/none").read("x"))
        .hasMessage("secret:formation/x: secret:file/none: there is no such secret");
    assertThatThrownBy(() -> secrets("secret:file/short").read("x"))
        .hasMessage("secret:formation/x: the formation secret has 5 bytes; write one of at least 16, the same on all nodes");
    assertThatThrownBy(() -> secrets("secret:formation/y").read("x"))
        .hasMessage("secret:formation/x: the formation secret cannot follow from itself; refer to a file");
    assertThatThrownBy(() -> secrets("hunter2hunter2hunter2").read("x"))
        .hasMessage("secret:formation/x: the formation secret is not given as a reference such as secret:file/formation");
  }
}
