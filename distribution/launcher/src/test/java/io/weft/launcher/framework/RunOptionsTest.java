package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunOptionsTest {

  @Test
  void theCommandLineBeatsTheEnvironmentBeatsTheDefault() throws Failure {
    assertThat(RunOptions.parse(List.of(), Map.of())).isEqualTo(new RunOptions(Optional.empty(), Optional.empty(), List.of("core", "node", "hub", "ops"), false, false));
    Map<String, String> environment = Map.of("WEFT_LOG_FORMAT", "json", "WEFT_LOG_LEVEL", "warn");
    assertThat(RunOptions.parse(List.of("--log-level", "debug", "--features=core", "--exit-when-ready", "--exit-on-eof"), environment))
        .isEqualTo(new RunOptions(Optional.of("json"), Optional.of("debug"), List.of("core"), true, true));
  }

  @Test
  void theUnknownIsNamed() {
    assertThatThrownBy(() -> RunOptions.parse(List.of("--log-formt=json"), Map.of())).hasMessageContaining("--log-formt=json");
    assertThatThrownBy(() -> RunOptions.parse(List.of("now"), Map.of())).hasMessageContaining("'now'");
    assertThatThrownBy(() -> RunOptions.parse(List.of("--features"), Map.of())).hasMessageContaining("needs a value");
  }
}
