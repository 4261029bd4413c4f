package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.launcher.Dist;
import io.weft.launcher.Home;
import io.weft.launcher.trust.DistributionFixture;
import io.weft.support.plugin.MalformedArchive;
import io.weft.support.plugin.SignedJar;
import io.weft.support.plugin.SigningKey;
import io.weft.support.plugin.TrustedKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;

/** With a real framework and bundles that are nothing but a manifest. */
class ContainerTest {

  private static final SigningKey KEY = SigningKey.generate(new SecureRandom());

  @TempDir
  Path dir;

  private Dist dist;
  private Home home;
  private Framework running;

  @BeforeEach
  void layout() throws Exception {
    dist = new Dist(dir.resolve("dist"), "1.0");
    home = new Home(dir.resolve("home"), dir.resolve("home/conf/weft.yaml"));
    home.prepare();
    Files.createDirectories(home.dir().resolve("conf/keys"));
    Files.writeString(home.dir().resolve("conf/keys/test.pub"), new TrustedKey("test", KEY.publicKey(), List.of("*"), List.of()).text());
  }

  @AfterEach
  void stop() throws Exception {
    if (running != null) {
      running.stop();
      running.waitForStop(10_000);
      running = null;
    }
  }

  private Framework start(PlannedBundle... plan) throws Exception {
    stop();
    DistributionFixture.writeHashes(dist);
    running = new Container(dist, home, List.of(plan)).prepare();
    running.start();
    return running;
  }

  @Test
  void theFrameworkHoldsWhatTheFeaturesNameAndFollowsThem() throws Exception {
    PlannedBundle a = planned("a", "1.0", 20);
    PlannedBundle b = planned("b", "1.0", 20);
    PlannedBundle newA = planned("a", "2.0", 20);
    assertThat(active(start(a, b))).containsExactly("a 1.0", "b 1.0");
    assertThat(active(start(newA))).containsExactly("a 2.0");
    assertThat(running.getBundleContext().getProperty("weft.home")).isEqualTo(home.dir().toString());
  }

  @Test
  void aBundleThatTheOperatorStoppedStaysStoppedAlsoInANewVersion() throws Exception {
    bundle(start(planned("a", "1.0", 20)), "a").stop();
    assertThat(active(start(planned("a", "1.0", 20)))).isEmpty();
    assertThat(active(start(planned("a", "2.0", 20)))).isEmpty();
  }

  @Test
  void aJarBuiltAgainIsUpdatedInPlace() throws Exception {
    PlannedBundle a = planned("a", "1.0", 20);
    long id = bundle(start(a), "a").getBundleId();
    stop();
    jar(a.jar(), "a", "1.1");
    assertThat(active(start(a))).containsExactly("a 1.1");
    assertThat(bundle(running, "a").getBundleId()).isEqualTo(id);
  }

  @Test
  void whatOperatorsInstalledSurvivesARestartAndTheLossOfTheCache() throws Exception {
    PlannedBundle a = planned("a", "1.0", 20);
    installPlugin(start(a));
    assertThat(active(start(a))).containsExactly("a 1.0", "plugin 1.0");
    stop();
    Trees.delete(home.data().resolve("framework"));
    assertThat(active(start(a))).containsExactly("a 1.0", "plugin 1.0");
    bundle(running, "plugin").uninstall();
    stop();
    Trees.delete(home.data().resolve("framework"));
    assertThat(active(start(a))).containsExactly("a 1.0");
  }

  @Test
  void aDamagedCacheIsMadeAnew() throws Exception {
    PlannedBundle a = planned("a", "1.0", 20);
    installPlugin(start(a));
    stop();
    for (int i = 0; i < cached().size(); i++) {
      Path file = cached().get(i);
      Files.write(file, new byte[] {0, 1, 2});
      assertThat(active(start(a))).as("after damage to %s", file).containsExactly("a 1.0", "plugin 1.0");
      stop();
    }
    for (int i = 0; i < cached().size(); i++) {
      Path file = cached().get(i);
      Files.delete(file);
      assertThat(active(start(a))).as("without %s", file).containsExactly("a 1.0", "plugin 1.0");
      stop();
    }
    Trees.delete(home.data().resolve("framework"));
    Files.writeString(home.data().resolve("framework"), "a file where a directory belongs");
    assertThat(active(start(a))).containsExactly("a 1.0", "plugin 1.0");
  }

  @Test
  void unreadableRecordsCostNothingButALook() throws Exception {
    PlannedBundle a = planned("a", "1.0", 20);
    installPlugin(start(a));
    stop();
    Files.writeString(home.data().resolve("features.json"), "{\"bundles\":[{}");
    Files.writeString(home.data().resolve("installed.json"), "");
    assertThat(active(start(a))).containsExactly("a 1.0", "plugin 1.0");
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> found = Files.walk(home.data().resolve("framework"))) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private void installPlugin(Framework framework) throws Exception {
    Path jar = dir.resolve("plugin.jar");
    jar(jar, "plugin", "1.0");
    framework.getBundleContext().installBundle("mvn:g/plugin/1.0", new ByteArrayInputStream(Files.readAllBytes(jar))).start();
  }

  private PlannedBundle planned(String name, String version, int startLevel) throws IOException, MalformedArchive {
    Path jar = dist.bundles().resolve(name + "-" + version + ".jar");
    if (!Files.exists(jar)) {
      Files.createDirectories(jar.getParent());
      jar(jar, name, version);
    }
    return new PlannedBundle("g:" + name, jar, startLevel, true, "");
  }

  private static void jar(Path file, String name, String version) throws IOException, MalformedArchive {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
    Files.write(file, SignedJar.sign(Files.readAllBytes(file), KEY));
  }

  private static Bundle bundle(Framework framework, String name) {
    return Stream.of(framework.getBundleContext().getBundles()).filter(b -> b.getSymbolicName().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> active(Framework framework) {
    List<String> names = new ArrayList<>();
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      if (bundle.getBundleId() != 0 && bundle.getState() == Bundle.ACTIVE) {
        names.add(bundle.getSymbolicName() + " " + bundle.getVersion().getMajor() + "." + bundle.getVersion().getMinor());
      }
    }
    return names.stream().sorted().toList();
  }
}
