package io.weft.launcher.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevBuildTest {

  @TempDir
  Path project;

  @Test
  void yieldsTheJarOfTheBuildAndNotItsSources() throws Exception {
    DevBuild.Outcome outcome = build("mkdir target && touch target/acme-1.jar target/acme-1-sources.jar");

    assertThat(outcome.jar()).contains(project.resolve("target/acme-1.jar"));
  }

  @Test
  void saysWhatTheCompilerSaidWithoutAdviceAboutMaven() throws Exception {
    DevBuild.Outcome outcome = build("""
        echo '[ERROR] /p/src/main/java/A.java:[3,5] cannot find symbol'
        echo '[ERROR]   symbol: class B'
        echo '[ERROR] -> [Help 1]'
        echo '[ERROR] '
        echo '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.'
        exit 1""");

    assertThat(outcome.jar()).isEmpty();
    assertThat(outcome.failed()).isEqualTo("  /p/src/main/java/A.java:[3,5] cannot find symbol\n  symbol: class B");
  }

  @Test
  void saysWhatToDoWithoutMaven() throws Exception {
    DevBuild.Outcome outcome = new DevBuild(project, Map.of("MAVEN", "no-such-command -o")).run();

    assertThat(outcome.failed()).startsWith("there is no command 'no-such-command'; install Maven");
  }

  private DevBuild.Outcome build(String script) throws Exception {
    Path maven = project.resolve("maven");
    Files.writeString(maven, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
    return new DevBuild(project, Map.of("MAVEN", maven.toString())).run();
  }
}
