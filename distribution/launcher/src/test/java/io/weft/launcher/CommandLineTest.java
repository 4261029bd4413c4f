package io.weft.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  @Test
  void homeAndConfigMayStandAnywhereBeforeTwoDashes() throws Failure {
    CommandLine line = CommandLine.parse(List.of("link", "--home", "/h", "list", "--config=/c", "--", "--home", "x"));
    assertThat(line.home()).hasValue(Path.of("/h"));
    assertThat(line.config()).hasValue(Path.of("/c"));
    assertThat(line.words()).containsExactly("link", "list", "--", "--home", "x");
    assertThat(line.command()).isEqualTo("link");
    assertThat(line.rest()).containsExactly("list", "--", "--home", "x");
  }

  @Test
  void anOptionWithoutItsValueIsAUsageError() {
    assertThatThrownBy(() -> CommandLine.parse(List.of("run", "--home"))).isInstanceOf(Failure.class)
        .hasMessageContaining("--home needs a value").extracting(e -> ((Failure) e).exitCode()).isEqualTo(Failure.USAGE);
    assertThatThrownBy(() -> CommandLine.parse(List.of("--config="))).hasMessageContaining("--config needs a value");
  }

  @Test
  void helpIsSeenBeforeTwoDashesOnly() throws Failure {
    assertThat(CommandLine.parse(List.of("run", "--help")).wantsHelp()).isTrue();
    assertThat(CommandLine.parse(List.of("grep", "--", "--help")).wantsHelp()).isFalse();
    assertThat(CommandLine.parse(List.of()).command()).isEmpty();
  }

  @Test
  void theHomeIsTheOptionElseTheEnvironmentElseADefault() throws Failure {
    CommandLine none = CommandLine.parse(List.of());
    assertThat(Home.of(none, Map.of("WEFT_HOME", "/e")).dir()).isEqualTo(Path.of("/e"));
    assertThat(Home.of(CommandLine.parse(List.of("--home=/o")), Map.of("WEFT_HOME", "/e")).dir()).isEqualTo(Path.of("/o"));
    assertThat(Home.of(none, Map.of("WEFT_HOME", " ")).dir()).isEqualTo(Path.of(System.getProperty("user.home"), ".weft"));
    assertThat(Home.of(none, Map.of("HOME", "/h")).dir()).isEqualTo(Path.of("/h/.weft"));
    assertThat(Home.of(CommandLine.parse(List.of("--config", "/x.yaml")), Map.of()).config()).isEqualTo(Path.of("/x.yaml"));
    assertThat(Home.of(none, Map.of("WEFT_HOME", "/e")).config()).isEqualTo(Path.of("/e/conf/weft.yaml"));
  }

  @Test
  void aHomeTooDeepForASocketIsRefusedBeforeAnythingIsMade() throws Failure {
    Home home = Home.of(CommandLine.parse(List.of("--home", "/" + "x".repeat(100))), Map.of());
    assertThatThrownBy(home::prepare).hasMessageContaining("too long");
  }
}
