package io.weft.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoServerTest {

  @TempDir
  Path directory;

  @Test
  void theGuardEndsWhatItStarted() throws Exception {
    Path log = directory.resolve("log");
    long pid;
    try (DemoServer server = DemoServer.start("sleeper", "KILL", log, List.of("sh", "-c", "echo $$; exec sleep 1000"))) {
      Await.until("its pid", Duration.ofSeconds(30), () -> Files.readString(log).endsWith("\n"));
      pid = Long.parseLong(Files.readString(log).strip());
      assertThat(ProcessHandle.of(pid)).isPresent();
    }
    Await.until("its end", Duration.ofSeconds(30), () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void whatEndsEarlySaysWhy() throws Exception {
    try (Ports ports = new Ports()) {
      var address = ports.tcp();
      ports.close();
      try (DemoServer server = DemoServer.start("liar", "KILL", directory.resolve("log"), List.of("sh", "-c", "echo no luck; exit 7"))) {
        assertThatThrownBy(() -> server.awaitPort(address)).isInstanceOf(DemoFailed.class)
            .hasMessage("liar ended with 7: no luck");
      }
    }
    assertThatThrownBy(() -> DemoServer.run(directory, List.of("sh", "-c", "echo one; echo two; exit 3")))
        .hasMessage("sh ended with 3: two");
  }

  @Test
  void knowsWhichServersAreSafeTogether() {
    assertThat(NatsStore.safeTogether("2.9.10")).isFalse();
    assertThat(NatsStore.safeTogether("2.11.9")).isFalse();
    assertThat(NatsStore.safeTogether("2.12.0")).isTrue();
    assertThat(NatsStore.safeTogether("3.0")).isTrue();
  }
}
