package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.launcher.Dist;
import io.weft.launcher.Home;
import io.weft.launcher.trust.DistributionFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;

/** Features that are added to a running framework and taken out again, and what the next start makes of them. */
class FeatureServiceTest {

  private static final List<String> STARTED = List.of("node");

  @TempDir Path dir;

  private Dist dist;
  private Home home;
  private Framework running;
  private FeatureService service;

  @BeforeEach
  void layout() throws Exception {
    dist = new Dist(dir.resolve("dist"), "1.0");
    home = new Home(dir.resolve("home"), dir.resolve("home/conf/weft.yaml"));
    home.prepare();
    feature("node", "a");
    feature("store", "a", "b");
    start();
  }

  @AfterEach
  void stop() throws Exception {
    running.stop();
    running.waitForStop(30_000);
  }

  private void start() throws Exception {
    List<PlannedBundle> plan = new Features(dist).plan(new AddedFeatures(home.data(), dist).with(STARTED));
    DistributionFixture.writeHashes(dist);
    running = new Container(dist, home, plan).prepare();
    running.start();
    service = new FeatureService(dist, home.data(), STARTED);
    service.register(running.getBundleContext());
  }

  @Test
  void comesAndGoesAndStaysOverARestart() throws Exception {
    assertThat(active()).containsExactly("a");
    assertThat(states()).containsExactly("node started [g:a]", "store available [g:b]");
    assertThat(service.apply(Map.of("do", "install", "name", "store"))).isEmpty();
    assertThat(active()).containsExactly("a", "b");
    assertThat(states()).containsExactly("node started []", "store added [g:b]");
    stop();
    start();
    assertThat(active()).containsExactly("a", "b");
    assertThat(service.apply(Map.of("do", "remove", "name", "store"))).isEmpty();
    assertThat(active()).containsExactly("a");
    stop();
    start();
    assertThat(active()).containsExactly("a");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(error("install", "none")).contains("no feature 'none'");
    assertThat(error("install", "../node")).contains("is not the name of a feature");
    assertThat(error("install", "node")).contains("is in this node already");
    assertThat(error("remove", "node")).contains("was asked for when the node was started");
    assertThat(error("remove", "store")).contains("is not in this node");
    assertThat(error("dance", "node")).contains("does not know");
  }

  @Test
  void aFeatureThatIsGoneDoesNotKeepTheNodeFromStarting() throws Exception {
    service.apply(Map.of("do", "install", "name", "store"));
    stop();
    Files.delete(dist.features().resolve("store.json"));
    start();
    assertThat(active()).containsExactly("a");
    stop();
    Files.writeString(home.data().resolve("added-features.json"), "{");
    start();
    assertThat(active()).containsExactly("a");
  }

  private String error(String what, String name) {
    return String.valueOf(service.apply(Map.of("do", what, "name", name)).get("error"));
  }

  private List<String> states() {
    return ((List<?>) service.apply(Map.of("do", "list")).get("features")).stream().map(f -> (Map<?, ?>) f)
        .map(f -> f.get("name") + " " + f.get("state") + " " + f.get("own")).toList();
  }

  private List<String> active() {
    return Arrays.stream(running.getBundleContext().getBundles()).filter(b -> b.getBundleId() != 0 && b.getState() == Bundle.ACTIVE)
        .map(Bundle::getSymbolicName).sorted().toList();
  }

  private void feature(String name, String... bundles) throws IOException {
    StringBuilder entries = new StringBuilder();
    for (String bundle : bundles) {
      entries.append(entries.isEmpty() ? "" : ",").append("{\"id\":\"g:").append(bundle).append(":1.0\",\"start-level\":20}");
      Path jar = dist.bundles().resolve("g/" + bundle + "/1.0/" + bundle + "-1.0.jar");
      if (!Files.exists(jar)) {
        Files.createDirectories(jar.getParent());
        jar(jar, bundle);
      }
    }
    Files.createDirectories(dist.features());
    Files.writeString(dist.features().resolve(name + ".json"),
        "{\"name\":\"" + name + "\",\"description\":\"d\",\"bundles\":[" + entries + "]}");
  }

  private static void jar(Path file, String name) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", "1.0");
    try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
  }
}
