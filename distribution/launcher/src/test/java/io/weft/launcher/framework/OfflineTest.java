package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineTest {

  @TempDir
  Path dir;

  @Test
  void nothingIsDoneToTheHomeOfANodeThatRuns() throws Exception {
    Home home = home();
    home.prepare();
    try (RunLock node = RunLock.take(home.lock(), home.dir())) {
      assertThatThrownBy(() -> Offline.run(home, () -> 0)).isInstanceOf(Failure.class).hasMessageContaining("already running");
      assertThat(node).isNotNull();
    }
    assertThat(Offline.run(home, () -> 7)).isEqualTo(7);
  }

  @Test
  void noNodeStartsMeanwhile() throws Exception {
    Home home = home();
    home.prepare();
    Offline.run(home, () -> {
      assertThatThrownBy(() -> RunLock.take(home.lock(), home.dir())).hasMessageContaining("already running");
      return 0;
    });
  }

  @Test
  void aHomeThatIsNotThereIsNotMade() throws Exception {
    Home home = new Home(dir.resolve("none"), dir.resolve("none/conf/weft.yaml"));
    assertThat(Offline.run(home, () -> 3)).isEqualTo(3);
    assertThat(Files.exists(home.dir())).isFalse();
  }

  private Home home() {
    return new Home(dir, dir.resolve("conf/weft.yaml"));
  }
}
