package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {

  @TempDir
  Path dir;

  @Test
  void onlyOneHoldsItAndTheOtherLearnsWho() throws Exception {
    Path file = dir.resolve("lock");
    try (RunLock first = RunLock.take(file, dir)) {
      assertThatThrownBy(() -> RunLock.take(file, dir)).isInstanceOf(Failure.class).hasMessageContaining("already running")
          .hasMessageContaining("pid " + ProcessHandle.current().pid()).extracting(e -> ((Failure) e).exitCode()).isEqualTo(Failure.PRECONDITION);
      assertThat(first).isNotNull();
    }
    RunLock.take(file, dir).close();
  }

  @Test
  void whatADeadProcessLeftIsNoObstacle() throws Exception {
    Path file = dir.resolve("lock");
    Files.writeString(file, "123456789\n");
    RunLock.take(file, dir).close();
    assertThat(Files.readString(file)).isEqualTo(ProcessHandle.current().pid() + "\n");
  }
}
