package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropsTest {

  @TempDir Path folder;

  @Test
  void remembersOverARestart() {
    Path file = folder.resolve("deploy.json");
    Drops drops = new Drops(file);
    drops.seenTo(Map.of("one.jar", "1 2 3", "two.jar", "4 5 6"), Set.of());
    drops.seenTo(Map.of(), Set.of("two.jar"));
    Drops again = new Drops(file);
    assertThat(again.names()).containsExactly("one.jar");
    assertThat(again.isKnown("one.jar", "1 2 3")).isTrue();
    assertThat(again.isKnown("one.jar", "1 2 4")).isFalse();
  }

  @Test
  void writesNothingAfterItsEnd() {
    Path file = folder.resolve("deploy.json");
    Drops drops = new Drops(file);
    drops.close();
    drops.seenTo(Map.of("one.jar", "1 2 3"), Set.of());
    assertThat(Files.exists(file)).isFalse();
  }
}
