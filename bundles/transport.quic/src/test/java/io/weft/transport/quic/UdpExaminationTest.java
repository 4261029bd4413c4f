package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UdpExaminationTest {

  @TempDir
  Path settings;

  private List<HealthResult> buffers() {
    return new UdpExamination(settings).examine().join().stream().filter(r -> r.name().equals("udp")).toList();
  }

  @Test
  void smallBuffersAreNamedWithTheRemedy() throws IOException {
    Files.writeString(settings.resolve("rmem_max"), "212992\n");
    Files.writeString(settings.resolve("wmem_max"), "67108864\n");
    assertThat(buffers()).extracting(HealthResult::status).containsExactly(HealthStatus.warn, HealthStatus.ok);
    assertThat(buffers().get(0).message()).contains("208 KiB").contains("sysctl -w net.core.rmem_max=");
  }

  @Test
  void aMachineThatDoesNotSayIsNoFailure() {
    assertThat(buffers()).extracting(HealthResult::status).containsOnly(HealthStatus.warn);
  }
}
