package io.weft.launcher.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.support.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginCompatTest {

  @TempDir
  Path folder;

  @BeforeEach
  void make() throws IOException {
    for (String dist : List.of("now", "next")) {
      jar(dist + "/lib/org.apache.felix.framework.jar", Map.of("Export-Package", "org.osgi.framework;version=\"1.10\""));
    }
    jar("now/bundles/api.jar", Map.of("Export-Package", "io.weft.discovery;version=\"1.2.0\",io.weft.secret;version=\"1.0.0\""));
    jar("next/bundles/api.jar", Map.of("Export-Package", "io.weft.discovery;version=\"2.0.0\",io.weft.secret;version=\"1.1.0\""));
    jar("home/deploy/peers.jar", plugin("acme-peers", "io.weft.discovery;version=\"[1.2,2)\""));
    jar("home/data/installed/vault.jar", plugin("acme-vault", "io.weft.secret;version=\"[1.0,2)\",acme.shared;version=\"[1.0,2)\""));
    jar("home/data/installed/shared.jar", plugin("acme-shared", "org.osgi.framework;version=\"[1.9,2)\""));
  }

  @Test
  void withWhatThereIsAllOfThemWork() throws Exception {
    assertThat(compat(0)).containsExactly("acme-peers 1.0.0 works", "acme-shared 1.0.0 works", "acme-vault 1.0.0 works");
  }

  @Test
  void namesWhatANewMajorVersionBreaksAndNothingElse() throws Exception {
    String line = "  error: Import-Package: io.weft.discovery is wanted in version [1.2,2), and a node has 2.0.0; "
        + "build it against the SDK of this version";

    assertThat(compat(1, folder.resolve("next").toString()))
        .containsExactly("acme-peers 1.0.0 would break:", line, "acme-shared 1.0.0 works", "acme-vault 1.0.0 works");
    assertThat(compat(1, folder.resolve("next/bundles/api.jar").toString())).contains(line);
  }

  @Test
  void saysItAsJson() throws Exception {
    Map<?, ?> answer = (Map<?, ?>) JsonReader.read(String.join("\n", compat(1, folder.resolve("next").toString(), "--json")));

    assertThat(((List<?>) answer.get("plugins")).stream().<Object>map(plugin -> ((Map<?, ?>) plugin).get("works"))).containsExactly(false, true, true);
  }

  @Test
  void refusesWhatIsNeitherADistributionNorAJar() {
    assertThatThrownBy(() -> compat(0, folder.resolve("nowhere").toString())).isInstanceOf(Failure.class)
        .hasMessageContaining("is neither the folder of a distribution");
  }

  private static Map<String, String> plugin(String name, String imports) {
    return Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", name, "Bundle-Version", "1.0.0", "Import-Package", imports,
        "Export-Package", name.replace('-', '.') + ";version=\"1.0.0\"");
  }

  private void jar(String name, Map<String, String> headers) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach(manifest.getMainAttributes()::putValue);
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
  }

  private List<String> compat(int code, String... words) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path home = folder.resolve("home");
    int got = PluginCommands.run(new Dist(folder.resolve("now"), "0"), new Home(home, home.resolve("conf/weft.yaml")), "compat", List.of(words),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(got).isEqualTo(code);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
