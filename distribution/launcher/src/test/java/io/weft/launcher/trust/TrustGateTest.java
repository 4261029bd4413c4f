package io.weft.launcher.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.framework.GatedFramework;
import io.weft.support.plugin.SignedJar;
import io.weft.support.plugin.SigningKey;
import io.weft.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.example.ran.Ran;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** Whose classes are loaded in a real framework, by every way in and over restarts. */
class TrustGateTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String RAN = "weft.test.plugin.ran";

  @TempDir
  Path dir;

  private final SigningKey acme = SigningKey.generate(new SecureRandom());
  private GatedFramework node;

  @BeforeEach
  void start() throws Exception {
    node = GatedFramework.in(dir);
    node.trust("acme", acme.publicKey(), "com.acme.");
    node.start();
    System.clearProperty(RAN);
  }

  @AfterEach
  void stop() throws Exception {
    node.stop();
    System.clearProperty(RAN);
  }

  @Test
  void whatIsSignedRunsAndSurvivesARestart() throws Exception {
    Bundle plugin = install("com.acme.one", SignedJar.sign(jar("com.acme.one"), acme));
    plugin.start();
    assertThat(plugin.getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(verdict(plugin)).containsEntry("standing", "SIGNED").containsEntry("signer", "acme");
    node.stop();
    node.start();
    assertThat(node.bundle("com.acme.one").getState()).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void nothingOfARefusedPluginRuns() throws Exception {
    byte[] good = SignedJar.sign(jar("com.acme.altered"), acme);
    byte[] altered = good.clone();
    altered[40] ^= 1; // the time of an entry: not in any checksum but the signature's
    SigningKey stranger = SigningKey.generate(new SecureRandom());
    refused(install("com.acme.unsigned", jar("com.acme.unsigned")), "NOT_SIGNED");
    refused(install("com.acme.altered", altered), "MALFORMED", "ALTERED");
    refused(install("com.acme.stranger", SignedJar.sign(jar("com.acme.stranger"), stranger)), "UNKNOWN_KEY");
    refused(install("org.other", SignedJar.sign(jar("org.other"), acme)), "WRONG_NAME");
    refused(install("mine", SignedJar.sign(jar("io.weft.mine"), acme)), "WRONG_NAME");
    assertThat(System.getProperty(RAN)).isNull();
  }

  @Test
  void aFragmentOfATrustedBundleNeedsASignatureToo() throws Exception {
    Bundle host = install("com.acme.host", SignedJar.sign(jar("com.acme.host"), acme));
    Bundle fragment = install("fragment", jar("com.evil.fragment", "Fragment-Host", "com.acme.host"));
    host.start();
    assertThat(fragment.getState()).isEqualTo(Bundle.INSTALLED);
  }

  @Test
  void aRefusedBundleThatNeedsNothingDoesNotRunEither() throws Exception {
    Bundle nothing = install("nothing", jar("com.evil.nothing", "Import-Package", "com.evil.own;resolution:=optional"));
    assertThat(nothing.getResource("org/example/ran/Ran.class")).isNotNull(); // it asks for a resolve, and looks only into the jar then
    assertThat(node.wiring().resolveBundles(null)).isFalse();
    refused(nothing, "NOT_SIGNED");
    assertThatThrownBy(() -> nothing.loadClass(Ran.class.getName())).isInstanceOf(ClassNotFoundException.class);
    assertThat(System.getProperty(RAN)).isNull();
  }

  @Test
  void nobodyElseSuffersFromARefusedBundle() throws Exception {
    refused(install("refused", jar("com.acme.refused")), "NOT_SIGNED");
    refused(install("nothing", jar("com.evil.nothing", "Import-Package", "com.evil.own;resolution:=optional")), "NOT_SIGNED");
    refused(install("exporter", jar("com.evil.exporter", "Export-Package", "com.acme.shared")), "NOT_SIGNED");
    Bundle importer = install("importer", SignedJar.sign(jar("com.acme.importer", "Import-Package", "com.acme.shared"), acme));
    assertThatThrownBy(importer::start).as("it finds only the package of a refused bundle").isInstanceOf(BundleException.class);
    Bundle exporter = install("good", SignedJar.sign(jar("com.acme.exporter", "Export-Package", "com.acme.shared"), acme));
    importer.start();
    assertThat(exporter.getState()).isEqualTo(Bundle.RESOLVED);
    Bundle one = install("com.acme.one", SignedJar.sign(jar("com.acme.one"), acme));
    one.start();
    node.stop();
    node.start();
    assertThat(node.bundle("com.acme.one").getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(node.bundle("com.acme.importer").getState()).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void extensionsOfTheFrameworkAreNotTaken() throws Exception {
    byte[] extension = jar("com.evil.extension", "Fragment-Host", "system.bundle; extension:=framework", "ExtensionBundle-Activator",
        Ran.class.getName());
    assertThatThrownBy(() -> install("extension", extension)).isInstanceOf(BundleException.class);
    assertThat(System.getProperty(RAN)).isNull();
  }

  @Test
  void aJarThatIsReadWhereItLiesIsRefused() throws Exception {
    Path file = Files.write(dir.resolve("plugin.jar"), SignedJar.sign(jar("com.acme.one"), acme));
    refused(node.context().installBundle("reference:" + file.toUri()), "UNREADABLE");
  }

  @Test
  void whatChangedInTheCacheIsFoundAtTheNextStart() throws Exception {
    Bundle plugin = install("com.acme.one", SignedJar.sign(jar("com.acme.one"), acme));
    plugin.start();
    Path cached = node.home().data().resolve("framework/bundle" + plugin.getBundleId() + "/version0.0/bundle.jar");
    node.stop();
    System.clearProperty(RAN);
    Files.write(cached, jar("com.acme.one"));
    node.start();
    assertThat(node.bundle("com.acme.one").getState()).isEqualTo(Bundle.INSTALLED);
    assertThat(System.getProperty(RAN)).isNull();
  }

  @Test
  void revokingAKeyOrAFileStopsWhatRuns() throws Exception {
    byte[] one = SignedJar.sign(jar("com.acme.one"), acme);
    Bundle plugin = install("com.acme.one", one);
    plugin.start();
    Path revoked = node.home().dir().resolve("conf/keys/revoked");
    Files.writeString(revoked, "key " + acme.publicKey().id() + "\n");
    Await.until("it to be stopped", SOON, () -> plugin.getState() == Bundle.INSTALLED);
    assertThat(verdict(plugin)).containsEntry("problem", "REVOKED_KEY");

    Files.writeString(revoked, "# a mistake\n");
    Await.until("it to run again", SOON, () -> plugin.getState() == Bundle.ACTIVE);
    Files.writeString(revoked, "sha256 " + io.weft.support.plugin.Sha256.hex(one) + "\n");
    Await.until("it to be stopped again", SOON, () -> plugin.getState() == Bundle.INSTALLED);
    assertThat(verdict(plugin)).containsEntry("problem", "REVOKED_FILE");
  }

  @Test
  void theSwitchForDevelopmentLetsUnsignedRunButNotWhatStandsInForTheNode() throws Exception {
    Bundle unsigned = install("org.any", jar("org.any"));
    assertThatThrownBy(unsigned::start).isInstanceOf(BundleException.class);
    node.ask(Map.of("do", "policy", "trust", List.of(dir.resolve("none").toString()), "unsigned", true));
    Await.until("it to run", SOON, () -> unsigned.getState() == Bundle.ACTIVE);
    assertThat(verdict(unsigned)).containsEntry("standing", "UNSIGNED");
    refused(install("evil", jar("org.evil", "Export-Package", "io.weft.secret")), "RESERVED");

    node.ask(Map.of("do", "policy", "trust", List.of(), "unsigned", false));
    Await.until("it to be stopped", SOON, () -> unsigned.getState() == Bundle.INSTALLED);
  }

  @Test
  void aFileOfTheDistributionIsKnownWhereverItLies() throws Exception {
    Bundle sample = install("sample", node.addToDistribution("sample.jar", jar("org.sample")));
    sample.start();
    assertThat(verdict(sample)).containsEntry("standing", "OURS");
  }

  @Test
  void aChangedDistributionDoesNotStart() throws Exception {
    node.stop();
    Path ours = node.planned("com.ours", jar("com.ours"));
    Files.write(ours, jar("com.ours", "Bundle-Name", "changed"));
    assertThatThrownBy(node::start).hasMessageContaining("this installation was changed");
  }

  private void refused(Bundle bundle, String... problems) {
    assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);
    assertThat(bundle.getState()).isEqualTo(Bundle.INSTALLED);
    assertThat(verdict(bundle).get("problem")).asString().isIn((Object[]) problems);
    assertThat(verdict(bundle).get("reason")).asString().hasLineCount(1);
  }

  private Map<String, Object> verdict(Bundle bundle) {
    return node.ask(Map.of("do", "installed", "bundle", bundle.getBundleId()));
  }

  private Bundle install(String location, byte[] jar) throws BundleException {
    return node.context().installBundle("test:" + location, new ByteArrayInputStream(jar));
  }

  /** A bundle whose activator leaves a trace in this process. */
  private static byte[] jar(String name, String... headers) throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", "1.0.0");
    main.putValue("Import-Package", "org.osgi.framework");
    if (headers.length == 0) {
      main.putValue("Bundle-Activator", Ran.class.getName());
    }
    for (int i = 0; i < headers.length; i += 2) {
      main.putValue(headers[i], headers[i + 1]);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
      String file = Ran.class.getName().replace('.', '/') + ".class";
      jar.putNextEntry(new ZipEntry(file));
      jar.write(Ran.class.getResourceAsStream("/" + file).readAllBytes());
    }
    return out.toByteArray();
  }
}
