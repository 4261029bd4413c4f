package io.weft.node.core.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationsTest {

  @TempDir
  Path temporary;

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private List<HealthResult> home() {
    return new HomeExamination(() -> temporary).examine().join();
  }

  @Test
  void aPrivateHomeIsWell() throws IOException {
    mode(temporary, "rwx------");
    assertThat(home()).singleElement().matches(r -> r.status() == HealthStatus.ok);
  }

  @Test
  void whatOthersCanReadOrChangeIsNamedWithTheRemedy() throws IOException {
    Path secrets = Files.createDirectories(temporary.resolve("conf/secrets"));
    Path secret = Files.writeString(secrets.resolve("formation"), "x");
    mode(temporary, "rwxrwx---");
    mode(temporary.resolve("conf"), "rwx------");
    mode(secrets, "rwx------");
    mode(secret, "rw-r-----");
    assertThat(home()).extracting(HealthResult::message).containsExactly(
        "others can change " + temporary + "; run: chmod go-w " + temporary,
        "others can read " + secret + "; run: chmod 600 " + secret);
    mode(secret, "rw-------");
    mode(temporary, "rwx------");
    assertThat(home()).singleElement().matches(r -> r.status() == HealthStatus.ok);
  }

  private List<HealthResult> limits(String files, String free) throws IOException {
    Files.createDirectories(temporary.resolve("self"));
    Files.writeString(temporary.resolve("self/limits"), "Limit                     Soft Limit           Hard Limit           Units\n"
        + "Max processes             100                  200                  processes\n"
        + "Max open files            " + files + "                 1048576              files\n");
    Files.writeString(temporary.resolve("meminfo"), "MemTotal: 1 kB\nMemAvailable:   " + free + " kB\n");
    return new LimitsExamination(temporary).examine().join();
  }

  @Test
  void limitsThatAreTooLowAreNamedWithTheRemedy() throws IOException {
    assertThat(limits("256", "1000")).extracting(HealthResult::status)
        .containsExactly(HealthStatus.critical, HealthStatus.warn, HealthStatus.critical);
    assertThat(limits("1024", "1000000")).extracting(HealthResult::status)
        .containsExactly(HealthStatus.warn, HealthStatus.warn, HealthStatus.ok);
    assertThat(limits("65536", "1000000").get(0).message()).isEqualTo("may open 65536 files and sockets");
    assertThat(limits("unlimited", "x").get(0).message()).isEqualTo("may open any number of files and sockets");
  }

  @Test
  void aMachineThatDoesNotSayIsNoFailure() {
    assertThat(new LimitsExamination(temporary.resolve("nothing")).examine().join()).singleElement()
        .matches(r -> r.status() == HealthStatus.warn);
  }

  @Test
  void whatIsOpenToEverybodyIsNamed() {
    ListenersExamination listeners = new ListenersExamination();
    listeners.sources = List.of(() -> List.of(new Listener("0.0.0.0:7450", "udp", "transport"),
        new Listener("127.0.0.1:1", "tcp", "forward"), new Listener("/run/x", "unix", "control")),
        () -> List.of(new Listener("0.0.0.0:8080", "tcp", "forward")));
    List<HealthResult> results = listeners.examine().join();
    assertThat(results).extracting(HealthResult::status).containsExactly(HealthStatus.warn, HealthStatus.ok);
    assertThat(results.get(0).message()).startsWith("0.0.0.0:8080 (tcp, forward) is open");
    assertThat(results.get(1).message()).endsWith("0.0.0.0:7450 (udp, transport)");
  }
}
