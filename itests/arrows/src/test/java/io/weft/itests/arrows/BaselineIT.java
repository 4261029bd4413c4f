package io.weft.itests.arrows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The API is compared with its last release from the moment there is one; nobody has to remember to turn that on. */
class BaselineIT {

  @Test
  void isOnAsSoonAsAVersionIsTagged() throws Exception {
    Process git = new ProcessBuilder("git", "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*")
        .directory(Path.of(System.getProperty("weft.root")).toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    String tag = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    boolean released = git.waitFor() == 0;
    assertThat(System.getProperty("baseline.skip")).as("baseline.skip in the root pom.xml").isEqualTo(released ? "false" : "true");
    if (released) {
      assertThat("v" + System.getProperty("baseline.version")).as("baseline.version in the root pom.xml").isEqualTo(tag);
    }
  }
}
