package io.weft.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @TempDir
  Path home;

  @Test
  void everyCommandOfTheLauncherExplainsItselfWithExamples() throws Failure {
    for (String command : List.of("run", "shell", "version", "demo", "archive")) {
      out.reset();
      assertThat(run(command, "--help")).isZero();
      assertThat(printed()).startsWith("weft " + command + ":").contains("Usage: weft " + command).contains("Examples:");
    }
    for (List<String> overview : List.of(List.<String>of(), List.of("help"), List.of("--help"), List.of("-h"))) {
      out.reset();
      assertThat(run(overview.toArray(String[]::new))).isZero();
      assertThat(printed()).contains("Usage: weft").contains("Exit codes:");
    }
  }

  @Test
  void whatIsNotUnderstoodIsOneLineAndExitTwo() {
    for (List<String> words : List.of(List.of("--bogus"), List.of("run", "--bogus"), List.of("version", "--bogus"), List.of("config"),
        List.of("archive", "now"), List.of("demo", "--bogus"), List.of("demo", "--dcs"), List.of("demo", "--dcs", "zookeeper"), List.of("demo", "--billing", "--nat"),
        List.of("demo", "--dcs=etcd", "--nat"), List.of("run", "--log-level"), List.of("shell", "now"))) {
      assertThatThrownBy(() -> run(words.toArray(String[]::new))).isInstanceOf(Failure.class)
          .satisfies(e -> assertThat(((Failure) e).exitCode()).as("%s", words).isEqualTo(Failure.USAGE))
          .satisfies(e -> assertThat(e.getMessage().lines()).as("%s", words).hasSize(1));
    }
  }

  @Test
  void aCommandForANodeThatDoesNotRunNamesTheSocket() {
    assertThatThrownBy(() -> run("--home", home.toString(), "status")).hasMessageContaining("node not running")
        .hasMessageContaining(home.resolve("run/control.sock").toString()).extracting(e -> ((Failure) e).exitCode())
        .isEqualTo(Failure.PRECONDITION);
  }

  @Test
  void aHomeWithoutConfigurationSaysWhatToDo() {
    assertThatThrownBy(() -> run("--home", home.toString(), "run")).hasMessageContaining("weft init")
        .extracting(e -> ((Failure) e).exitCode()).isEqualTo(Failure.PRECONDITION);
  }

  @Test
  void theVersionIsTheBuilds() throws Failure {
    assertThat(run("version")).isZero();
    assertThat(printed()).matches("weft \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n");
  }

  private int run(String... words) throws Failure {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Main.run(List.of(words), stream, stream);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
