package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostureTest {

  private static final String HEAD = "fabric: demo\nnode: {name: a}\npeers: [{name: b}]\n";

  @TempDir Path dir;
  private Path home;
  private Path config;

  @BeforeEach
  void prepare() throws IOException {
    home = Files.createDirectory(dir.resolve("home"));
    config = Files.createDirectory(home.resolve("conf")).resolve("weft.yaml");
    Files.writeString(config, "");
    mode(home, "rwxr-xr-x");
    mode(config, "rw-------");
  }

  @Test
  void aCarefulNodeIsOk() {
    assertThat(check(HEAD
        + "expose: [{service: pg, tcp: \"127.0.0.1:1\", allow: [b]}]\ntransport.quic: {listen: \"0.0.0.0:7450\"}\n"))
        .containsExactly(new HealthResult("settings", HealthKind.posture, HealthStatus.ok, "no insecure setting"));
  }

  @Test
  void namesEverySettingThatIsLessSafe() {
    assertThat(
            check(
                HEAD
                    + """
                    expose: [{service: pg, tcp: "127.0.0.1:1", allow: ["*"]}]
                    forward: [{service: web, http: "0.0.0.0:80"}, {service: pg, tcp: "localhost:1"}, {service: dns, udp: "192.0.2.1:53"}]
                    identity: {formation: "secret:env/F"}
                    """))
        .extracting(HealthResult::message)
        .contains(
            "every member of the fabric may use the service pg; list peers in expose[0].allow",
            "whoever reaches 0.0.0.0:80 can use the service web in the name of this node; write 127.0.0.1 in forward[0].http",
            "whoever reaches 192.0.2.1:53 can use the service dns in the name of this node; write 127.0.0.1 in forward[2].udp",
            "identity.formation is in an environment variable, which child processes and crash reports see; prefer a file");
  }

  @Test
  void looksAtTheModesOfFiles() throws IOException {
    mode(config, "rw-r--r--");
    assertThat(check(HEAD)).extracting(HealthResult::message)
        .containsExactly("every user of this machine can read " + config + "; run: chmod 600 " + config);

    mode(home, "rwx------");
    assertThat(check(HEAD)).extracting(HealthResult::status).containsExactly(HealthStatus.ok);

    mode(home.resolve("conf"), "rwxrwxr-x");
    assertThat(check(HEAD))
        .containsExactly(
            new HealthResult(
                "files",
                HealthKind.posture,
                HealthStatus.critical,
                "others could change " + home.resolve("conf") + " and so what this node does; run: chmod go-w "
                    + home.resolve("conf")));
  }

  private List<HealthResult> check(String yaml) {
    ConfigModel model = TestSchema.model(yaml);
    assertThat(model.problems()).isEmpty();
    return new Posture(home, Path.of("conf/weft.yaml"), model::instances).check();
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
