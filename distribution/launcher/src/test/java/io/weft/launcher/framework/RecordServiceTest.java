package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.launcher.Dist;
import io.weft.launcher.Home;
import io.weft.launcher.trust.DistributionFixture;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;

/** The record and what a start makes of it, with a real framework: the installer is cut off at every step, and the set is whole. */
class RecordServiceTest {

  private static final String LOCATION = "plugin:p";

  @TempDir Path dir;

  private Dist dist;
  private Home home;
  private Framework running;

  @BeforeEach
  void layout() throws Exception {
    dist = new Dist(dir.resolve("dist"), "1.0");
    home = new Home(dir.resolve("home"), dir.resolve("home/conf/weft.yaml"));
    home.prepare();
    start();
  }

  @AfterEach
  void stop() throws Exception {
    running.stop();
    running.waitForStop(30_000);
  }

  private void start() throws Exception {
    DistributionFixture.writeHashes(dist);
    running = new Container(dist, home, List.of()).prepare();
    running.start();
  }

  /** Stops without the record hearing of it, as a kill would. */
  private void cutOff() throws Exception {
    byte[] record = Files.readAllBytes(home.data().resolve("installed.json"));
    stop();
    Files.write(home.data().resolve("installed.json"), record);
    start();
  }

  @Test
  void cutOffBeforeTheRecordItIsTheOldSet() throws Exception {
    change("1.0", true);
    ask(Map.of("do", "keep", "outcome", "kept"));
    ask(Map.of("do", "stage", "file", jar("2.0").toString()));
    cutOff();
    assertThat(version()).isEqualTo("1.0.0");
  }

  @Test
  void cutOffAfterTheRecordItIsTheNewSet() throws Exception {
    change("1.0", true);
    change("2.0", false);
    assertThat(version()).as("not applied yet").isEqualTo("1.0.0");
    cutOff();
    assertThat(version()).isEqualTo("2.0.0");
    assertThat(change().get("applying")).isEqualTo(false);
  }

  @Test
  void cutOffBeforeARemovalWasAppliedItIsGone() throws Exception {
    change("1.0", true);
    ask(Map.of("do", "begin", "bundles", List.of(), "what", "remove", "at", 1L, "known", List.of()));
    cutOff();
    assertThat(running.getBundleContext().getBundle(LOCATION)).isNull();
  }

  @Test
  void aNodeThatDoesNotStayUpGetsItsOldSetBack() throws Exception {
    change("1.0", true);
    ask(Map.of("do", "keep", "outcome", "kept"));
    change("2.0", false);
    for (int i = 0; i < OperatorBundles.STARTS_MAX; i++) {
      cutOff();
      assertThat(version()).as("start %d", i + 1).isEqualTo("2.0.0");
    }
    cutOff();
    assertThat(version()).isEqualTo("1.0.0");
    assertThat(ask(Map.of("do", "read")).get("change")).isNull();
    assertThat(String.valueOf(ask(Map.of("do", "read")).get("history"))).contains("put back: the node started 3 times");
  }

  @Test
  void orderlyEndsDoNotCount() throws Exception {
    change("1.0", true);
    change("2.0", true);
    for (int i = 0; i < 2 * OperatorBundles.STARTS_MAX; i++) {
      stop();
      start();
    }
    assertThat(version()).isEqualTo("2.0.0");
  }

  @Test
  void aLostCacheIsMadeAnewFromTheRecord() throws Exception {
    change("1.0", true);
    change("2.0", true);
    stop();
    Trees.delete(home.data().resolve("framework"));
    start();
    assertThat(version()).isEqualTo("2.0.0");
  }

  @Test
  void whatItDoesNotKnowChangesNothing() {
    assertThat(ask(Map.of("do", "dance"))).containsKey("error");
    assertThat(ask(Map.of())).containsKey("error");
    assertThat(ask(Map.of("do", "begin"))).containsKey("error");
    assertThat(ask(Map.of("do", "stage", "file", dir.resolve("none.jar").toString()))).containsKey("error");
    assertThat(ask(Map.of("do", "read")).get("bundles")).isEqualTo(List.of());
  }

  /** @param applied whether the framework gets it, too; else the process is about to be cut off */
  private void change(String version, boolean applied) throws Exception {
    Path jar = jar(version);
    String name = (String) ask(Map.of("do", "stage", "file", jar.toString())).get("jar");
    Map<String, Object> entry = Map.of("location", LOCATION, "jar", name, "startLevel", 80, "started", true);
    ask(Map.of("do", "begin", "bundles", List.of(entry), "what", "to " + version, "at", 1L, "known", List.of()));
    if (applied) {
      Bundle present = running.getBundleContext().getBundle(LOCATION);
      if (present == null) {
        running.getBundleContext().installBundle(LOCATION, Files.newInputStream(jar));
      } else {
        present.update(Files.newInputStream(jar));
      }
      ask(Map.of("do", "applied"));
    }
  }

  private Map<?, ?> change() {
    return (Map<?, ?>) ask(Map.of("do", "read")).get("change");
  }

  private String version() {
    return running.getBundleContext().getBundle(LOCATION).getVersion().toString();
  }

  @SuppressWarnings("unchecked") // as the property of the service says
  private Map<String, Object> ask(Map<String, Object> request) {
    try {
      var reference = running.getBundleContext().getServiceReferences(Function.class, "(weft.provides=bundle.record)").iterator().next();
      return ((Function<Map<String, Object>, Map<String, Object>>) running.getBundleContext().getService(reference)).apply(request);
    } catch (org.osgi.framework.InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private Path jar(String version) throws Exception {
    Path file = dir.resolve("p-" + version + ".jar");
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "p");
    main.putValue("Bundle-Version", version);
    try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
    return file;
  }
}
