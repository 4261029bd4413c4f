package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.Rig;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** Against the real framework, with bundles made on the spot. */
class BundleCommandsTest {

  @TempDir Path directory;
  private Framework framework;
  private final Rig rig = new Rig();

  @BeforeEach
  void start() throws Exception {
    framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, directory.resolve("cache").toString()));
    framework.start();
    refresh();
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test
  void installsAndStarts() throws Exception {
    String url = jar("acme.one", "1.0.0");
    assertThat(run("bundle install", url, "--dry-run").out())
        .isEqualTo("would install acme.one 1.0.0 and start it\nnothing was done\n");
    assertThat(run("bundle install", url).out())
        .isEqualTo("installing acme.one 1.0.0 and starting it\nbundle 1 acme.one 1.0.0 is active\n");
    assertThat(run("bundle list", "acme").out().lines()).hasSize(2).last().asString().startsWith(" 1  acme.one  1.0.0")
        .contains("active");
    assertThat(run("bundle install", jar("acme.one", "1.0.0", "copy.jar")).failure())
        .isEqualTo("acme.one 1.0.0 is installed already, as 1; use 'weft bundle update acme.one URL' to replace it");
    assertThat(run("bundle install", jar("acme.one", "2.0.0"), "--no-start").out())
        .startsWith("installing acme.one 2.0.0, beside version 1.0.0\n");
    assertThat(run("bundle show", "acme.one").failure())
        .isEqualTo("'acme.one' is installed more than once; use an id: 1 (1.0.0), 2 (2.0.0)");
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    run("bundle install", jar("acme.lib", "1.0.0", "lib.jar", "Export-Package", "acme.lib;version=1.1.0"));
    String broken = jar("acme.broken", "1.0.0", "broken.jar", "Import-Package",
        "acme.lib;version=\"[1.2,2)\",acme.none;version=\"1.0\"");
    Rig.Result result = run("bundle install", broken);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.failure())
        .isEqualTo("cannot start acme.broken: needs package acme.lib [1.2.0,2.0.0), have 1.1.0 from acme.lib; "
        + "needs package acme.none 1.0.0, which nothing exports");
    assertThat(run("bundle list", "--failed").out()).contains("acme.broken").contains("have 1.1.0 from acme.lib");
    run("bundle install", jar("acme.user", "1.0.0", "user.jar", "Require-Bundle", "acme.broken"));
    assertThat(run("bundle list", "acme.user").out()).contains("of acme.broken, which does not resolve either");
  }

  @Test
  void saysWhyABundleDoesNotStart() throws Exception {
    Rig.Result result = run("bundle install", jar("acme.bad", "1.0.0", "bad.jar", "Bundle-Activator", "acme.Nothing"));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.failure()).startsWith("cannot start acme.bad: ClassNotFoundException: acme.Nothing");
  }

  @Test
  void updatesAndNamesWhoRestarts() throws Exception {
    run("bundle install", jar("acme.lib", "1.0.0", "lib.jar", "Export-Package", "acme.lib;version=1.0"));
    run("bundle install", jar("acme.user", "1.0.0", "user.jar", "Import-Package", "acme.lib"));
    String newer = jar("acme.lib", "1.1.0", "lib2.jar", "Export-Package", "acme.lib;version=1.0");
    assertThat(run("bundle update", "acme.lib", newer).out())
        .isEqualTo("would update acme.lib from 1.0.0 to 1.1.0; restarts acme.user\nnothing was done; add --yes to do it\n");
    assertThat(run("bundle update", "acme.lib", newer, "--yes").out())
        .isEqualTo("updating acme.lib from 1.0.0 to 1.1.0; restarts acme.user\nbundle 1 acme.lib 1.1.0 is active\n");
    assertThat(bundle("acme.user").getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(run("bundle update", "acme.lib", jar("acme.other", "1.0.0")).failure())
        .endsWith("is acme.other 1.0.0, not acme.lib");
  }

  @Test
  void startsStopsAndRemoves() throws Exception {
    run("bundle install", jar("acme.one", "1.0.0"));
    assertThat(run("bundle stop", "acme.one").out()).isEqualTo("acme.one is stopped\n");
    assertThat(run("bundle start", "1").out()).isEqualTo("acme.one is active\n");
    assertThat(run("bundle uninstall", "acme.one").out()).isEqualTo("acme.one is uninstalled\n");
    assertThat(run("bundle start", "acme.one").failure()).isEqualTo("no bundle 'acme.one'; 'weft bundle list' lists all");
  }

  @Test
  void whatCameWithTheNodeIsProtected() throws Exception {
    run("bundle install", jar("io.weft.thing", "1.0.0"));
    assertThat(run("bundle stop", "io.weft.thing").out())
        .isEqualTo("would stop io.weft.thing, which came with the node\nnothing was done; add --yes to do it\n");
    assertThat(bundle("io.weft.thing").getState()).isEqualTo(Bundle.ACTIVE);
    assertThat(JsonReader.read(run("bundle stop", "io.weft.thing", "--json").out())).extracting("dry_run").isEqualTo(true);
    assertThat(run("bundle stop", "io.weft.thing", "--yes").out()).isEqualTo("io.weft.thing is stopped\n");
    assertThat(run("bundle stop", "0", "--yes")).isEqualTo(
        new Rig.Result("", "bundle 0 is the node itself: stop the process (SIGTERM), not the bundle", 4));
  }

  @Test
  void fragmentsAreNotStarted() throws Exception {
    run("bundle install", jar("acme.host", "1.0.0"));
    assertThat(run("bundle install", jar("acme.part", "1.0.0", "part.jar", "Fragment-Host", "acme.host")).exit()).isZero();
    assertThat(run("bundle start", "acme.part").failure()).isEqualTo("acme.part is a fragment, which is never started by itself");
    assertThat(run("bundle list", "--failed").out()).isEqualTo("no bundle has failed\n");
  }

  @Test
  void refusesWhatIsNoBundle() throws Exception {
    Path text = Files.writeString(directory.resolve("x.jar"), "hello");
    assertThat(run("bundle install", text.toUri().toString()).failure()).startsWith("it is not an OSGi bundle");
    assertThat(run("bundle install", "file:/none.jar").failure()).startsWith("cannot read file:/none.jar");
    assertThat(run("bundle install", "/none.jar").failure()).endsWith("a URL is needed, such as file:/srv/plugins/x.jar");
  }

  @Test
  void showsWiresAndServices() throws Exception {
    run("bundle install", jar("acme.lib", "1.0.0", "lib.jar", "Export-Package", "acme.lib;version=1.0"));
    run("bundle install", jar("acme.user", "1.0.0", "user.jar", "Import-Package", "acme.lib"));
    bundle("acme.lib").getBundleContext().registerService(Runnable.class, () -> {}, null);
    assertThat(run("bundle show", "acme.user").out()).containsPattern("acme.lib +acme.lib");
    assertThat(run("bundle show", "acme.lib", "--json").out()).contains("\"services\": [\n    [\"java.lang.Runnable\"]\n  ]");
    assertThat(run("bundle services", "runnable").out().lines()).hasSize(2);
    assertThat(run("bundle services", "runnable", "--json").out())
        .contains("\"types\": [\"java.lang.Runnable\"], \"bundle\": \"acme.lib\"");
  }

  @Test
  void jsonKeepsItsShape() throws Exception {
    List<String> bundle = List.of("id", "name", "version", "state", "failed", "reason", "start_level", "location");
    String url = jar("acme.one", "1.0.0");
    Map<?, ?> installed = json("bundle install", url);
    assertThat(keys(installed)).containsExactly("bundle", "action", "dry_run", "restarts");
    assertThat(keys(installed.get("bundle"))).isEqualTo(bundle);
    assertThat(keys(json("bundle update", "acme.one", url))).containsExactly("bundle", "action", "dry_run", "restarts");
    for (String verb : List.of("stop", "start", "uninstall")) {
      Map<?, ?> changed = json("bundle " + verb, "acme.one");
      assertThat(keys(changed)).containsExactly("bundles", "action", "dry_run");
      assertThat(keys(((List<?>) changed.get("bundles")).get(0))).isEqualTo(bundle);
      assertThat(changed.get("action")).isEqualTo(verb);
    }
    assertThat(keys(((List<?>) json("bundle list").get("bundles")).get(0))).isEqualTo(bundle);
    assertThat(keys(json("bundle show", "0"))).containsExactly("bundle", "imports", "exports", "services");
    assertThat(keys(((List<?>) json("bundle services").get("services")).get(0))).containsExactly("id", "types", "bundle",
        "ranking", "used_by");
  }

  private Map<?, ?> json(String words, String... args) {
    Rig.Result result = run(words, Stream.concat(Arrays.stream(args), Stream.of("--json")).toArray(String[]::new));
    return (Map<?, ?>) JsonReader.read(result.out());
  }

  private static List<String> keys(Object map) {
    return ((Map<?, ?>) map).keySet().stream().map(String::valueOf).toList();
  }

  private Rig.Result run(String words, String... args) {
    Rig.Result result = rig.run(words, args);
    refresh();
    return result;
  }

  private void refresh() {
    rig.bundles.clear();
    rig.bundles.addAll(List.of(framework.getBundleContext().getBundles()));
  }

  private Bundle bundle(String name) {
    return rig.bundles.stream().filter(b -> name.equals(b.getSymbolicName())).findFirst().orElseThrow();
  }

  private String jar(String name, String version) throws IOException {
    return jar(name, version, name + "-" + version + ".jar");
  }

  private String jar(String name, String version, String file, String... headers) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    for (int i = 0; i < headers.length; i += 2) {
      manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
    }
    Path path = directory.resolve(file);
    try (OutputStream out = Files.newOutputStream(path); JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
    return path.toUri().toString();
  }
}
