package io.weft.node.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Setting;
import io.weft.testkit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSettingsTest {

  private static final String HEAD = "fabric: demo\nnode: {name: a}\n";
  private static final Duration NOTICED = Duration.ofMillis(1500);

  @TempDir Path home;
  private final ManualTime time = new ManualTime();
  private final FakeConfigurationAdmin admin = new FakeConfigurationAdmin();
  private ConfigSchema schema = TestSchema.schema();
  private Runnable schemaChanged = () -> {};
  private FileSettings settings;

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectory(home.resolve("conf"));
  }

  private void start(String yaml) throws IOException {
    write(yaml);
    settings =
        new FileSettings(
            home, Path.of("conf/weft.yaml"), () -> schema, admin.service(), time, Runnable::run, stale -> {
              schemaChanged = stale;
              return () -> schemaChanged = () -> {};
            }, () -> 0.5);
  }

  private void write(String yaml) throws IOException {
    Path next = Files.writeString(home.resolve("conf/weft.yaml.new"), yaml);
    Files.move(next, home.resolve("conf/weft.yaml"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void edit(String yaml) throws IOException {
    write(yaml);
    time.advance(NOTICED);
  }

  @AfterEach
  void close() {
    settings.close();
    assertThat(time.pending()).isZero();
  }

  @Test
  void givesTheFileToConfigurationAdmin() throws IOException {
    admin.configurations.put("weft.forward.expose~gone", Map.of(ConfigWriter.MARK, "weft.yaml"));
    start(HEAD + "peers: [{name: b, addresses: [\"192.0.2.7:7450\"]}]\nmesh: {channels.max: 7}\n");

    assertThat(admin.configurations).containsOnlyKeys("weft.node", "weft.discovery.basic.static~b", "weft.mesh");
    assertThat(admin.configurations.get("weft.node"))
        .isEqualTo(Map.of("fabric", "demo", "node.name", "a", ConfigWriter.MARK, "weft.yaml"));
    assertThat(admin.configurations.get("weft.discovery.basic.static~b"))
        .isEqualTo(Map.of("name", "b", "addresses", List.of("192.0.2.7:7450"), ConfigWriter.MARK, "weft.yaml"));
    assertThat(settings.pids()).isEqualTo(admin.configurations.keySet());
    assertThat(settings.problems()).isEmpty();
    assertThat(settings.sharedDigest()).hasSize(12);
    assertThat(settings.all()).contains(new Setting("mesh.channels.max", "7", "conf/weft.yaml:4", "at once"));
  }

  @Test
  void anEditOfOneEntryTouchesOnlyThat() throws IOException {
    start(HEAD + "peers: [{name: b}, {name: c}, {name: d}]\n");
    admin.writes = 0;
    Map<String, Object> c = admin.configurations.get("weft.discovery.basic.static~c");

    edit(HEAD + "peers: [{name: e}, {name: c}, {name: b, vip: 3}]\n");

    assertThat(admin.configurations)
        .containsOnlyKeys(
            "weft.node", "weft.discovery.basic.static~b", "weft.discovery.basic.static~c", "weft.discovery.basic.static~e");
    assertThat(admin.writes).isEqualTo(2);
    assertThat(admin.configurations.get("weft.discovery.basic.static~c")).isEqualTo(c);
  }

  @Test
  void aBadEditChangesNothingAndIsTold() throws IOException {
    start(HEAD + "mesh: {channels.max: 7}\n");
    Map<String, Map<String, Object>> before = Map.copyOf(admin.configurations);

    edit(HEAD + "mesh: {channels.max: 8}\nnonsens: 1\nexpos: 2\n");

    assertThat(admin.configurations).isEqualTo(before);
    assertThat(settings.problems()).hasSize(2).first().asString()
        .startsWith("conf/weft.yaml:4: nonsens: is a section that no installed");
    assertThat(result(HealthKind.readiness).status()).isEqualTo(HealthStatus.warn);
    assertThat(result(HealthKind.readiness).message()).startsWith("the last edit is not in force: conf/weft.yaml:4")
        .endsWith("(and 1 more)");

    edit(HEAD + "mesh: {channels.max: 8}\n");
    assertThat(settings.problems()).isEmpty();
    assertThat(admin.configurations.get("weft.mesh")).containsEntry("channels.max", 8);
    assertThat(result(HealthKind.readiness).status()).isEqualTo(HealthStatus.ok);
  }

  @Test
  void whatNeedsARestartWaitsForIt() throws IOException {
    start(HEAD + "transport.quic: {listen: \"127.0.0.1:1\", share: 0.1}\n");

    String digest = settings.sharedDigest();
    edit("fabric: demo\nnode: {name: z}\ntransport.quic: {listen: \"127.0.0.1:2\", share: 0.2}\n");

    assertThat(admin.configurations.get("weft.transport.quic")).containsEntry("listen", "127.0.0.1:1")
        .containsEntry("share", 0.2);
    assertThat(admin.configurations.get("weft.node")).containsEntry("node.name", "a");
    assertThat(settings.sharedDigest()).isEqualTo(digest);
    assertThat(settings.pendingRestart())
        .containsExactlyInAnyOrder(
            new Setting("node.name", "z", "conf/weft.yaml:2", "after a restart"),
            new Setting("transport.quic.listen", "127.0.0.1:2", "conf/weft.yaml:3", "after a restart"));
    assertThat(settings.all()).extracting(Setting::value).contains("127.0.0.1:1").doesNotContain("127.0.0.1:2");
    assertThat(result(HealthKind.posture).message()).startsWith("edited, and in force after a restart: ");

    edit(HEAD + "transport.quic: {listen: \"127.0.0.1:1\", share: 0.2}\n");
    assertThat(settings.pendingRestart()).isEmpty();
  }

  @Test
  void removingAKeyThatNeedsARestartWaitsToo() throws IOException {
    start(HEAD + "transport.quic: {listen: \"127.0.0.1:1\"}\n");

    edit(HEAD);

    assertThat(admin.configurations.get("weft.transport.quic")).containsEntry("listen", "127.0.0.1:1");
    assertThat(settings.pendingRestart())
        .containsExactly(new Setting("transport.quic.listen", "127.0.0.1:0", "default", "after a restart"));
  }

  @Test
  void aBadFileAtTheStartIsFollowedUntilItIsGood() throws IOException {
    start("fabric: demo\n");
    assertThat(admin.configurations).isEmpty();
    assertThat(settings.problems()).containsExactly("conf/weft.yaml: node.name: is missing; add it");
    assertThat(result(HealthKind.readiness).status()).isEqualTo(HealthStatus.critical);
    assertThat(settings.sharedDigest()).isEmpty();

    edit(HEAD);
    assertThat(admin.configurations).containsOnlyKeys("weft.node");
  }

  @Test
  void aFileThatIsGoneChangesNothing() throws IOException {
    start(HEAD);

    Files.delete(home.resolve("conf/weft.yaml"));
    time.advance(NOTICED);

    assertThat(admin.configurations).containsOnlyKeys("weft.node");
    assertThat(settings.problems())
        .containsExactly("conf/weft.yaml: there is no such file; make one with 'weft init', or name another with --config");
  }

  @Test
  void aFileIsReadWhenNobodyWritesItAnyMore() throws IOException {
    start(HEAD);
    write(HEAD + "mesh: {channels.max: 7}\n");
    time.advance(Duration.ofMillis(1000));
    assertThat(admin.configurations).doesNotContainKey("weft.mesh");

    for (int more : new int[] {77, 777}) {
      write(HEAD + "mesh: {channels.max: " + more + "}\n");
      time.advance(Duration.ofMillis(100));
      assertThat(admin.configurations).doesNotContainKey("weft.mesh");
    }
    time.advance(Duration.ofMillis(100));
    assertThat(admin.configurations.get("weft.mesh")).containsEntry("channels.max", 777);
  }

  @Test
  void bundlesThatComeAndGoChangeWhatIsAllowed() throws IOException {
    schema = new ConfigSchema(TestSchema.schema().sections().stream().filter(s -> !s.pid().equals("weft.mesh")).toList());
    start(HEAD);
    edit(HEAD + "mesh: {channels.max: 7}\n");
    assertThat(settings.problems()).hasSize(1);

    schema = TestSchema.schema();
    schemaChanged.run();
    time.advance(Duration.ofMillis(200));
    assertThat(settings.problems()).isEmpty();
    assertThat(admin.configurations).containsKey("weft.mesh");

    schema = new ConfigSchema(TestSchema.schema().sections().stream().filter(s -> !s.pid().equals("weft.mesh")).toList());
    schemaChanged.run();
    time.advance(Duration.ofMillis(200));
    assertThat(settings.problems()).hasSize(1);
    assertThat(admin.configurations).containsKey("weft.mesh");
  }

  @Test
  void aConfigurationAdminThatFailsIsToldAndTriedAgain() throws IOException {
    start(HEAD);
    admin.broken = true;
    edit(HEAD + "mesh: {channels.max: 7}\n");

    assertThat(settings.problems()).containsExactly(
        "conf/weft.yaml: Configuration Admin failed (disk full); tried again, see the log");

    admin.broken = false;
    time.advance(NOTICED);
    assertThat(settings.problems()).isEmpty();
    assertThat(admin.configurations).containsKey("weft.mesh");
  }

  private HealthResult result(HealthKind kind) {
    return settings.check().stream().filter(r -> r.kind() == kind).findFirst().orElseThrow();
  }
}
