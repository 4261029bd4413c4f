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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One thing wrong with a jar at a time. */
class ValidatePluginTest {

  private static final String COMPONENT = "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.4.0\" name=\"acme-peers\""
      + " configuration-policy=\"require\"/>";

  @TempDir
  Path folder;

  private final Map<String, String> manifest = new LinkedHashMap<>(Map.of(
      "Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "com.acme.acme-peers", "Bundle-Version", "1.0.0", "Bundle-License", "MIT",
      "Bundle-Description", "Peers.", "Service-Component", "OSGI-INF/acme-peers.xml",
      "Import-Package", "io.weft.discovery;version=\"[1.0,2)\",java.util,org.slf4j;version=\"[2.0,3)\"",
      "Provide-Capability", "osgi.service;objectClass:List<String>=\"io.weft.discovery.DiscoverySource\""));
  private final Map<String, String> files = new TreeMap<>(Map.of(
      "OSGI-INF/acme-peers.xml", COMPONENT, "OSGI-INF/metatype/x.xml", metatype("file", "String", "The file. Applies at once.")));

  private static String metatype(String id, String type, String description) {
    return "<m:MetaData xmlns:m=\"http://www.osgi.org/xmlns/metatype/v1.2.0\"><OCD id=\"x\"><AD id=\"" + id + "\" type=\"" + type
        + "\" description=\"" + description + "\"/></OCD><Designate pid=\"acme-peers\"><Object ocdref=\"x\"/></Designate></m:MetaData>";
  }

  @BeforeEach
  void makeDistribution() throws IOException {
    jar("lib/org.apache.felix.framework.jar", Map.of("Export-Package", "org.osgi.framework;version=\"1.10\""), Map.of());
    jar("bundles/api.jar", Map.of("Export-Package", "io.weft.discovery;version=\"1.2.0\",io.weft.node;version=\"1.0.0\""), Map.of());
  }

  @Test
  void aGoodOneIsGood() throws Exception {
    assertThat(validate(0)).singleElement().asString()
        .startsWith("plugin.jar is good: com.acme.acme-peers 1.0.0 provides io.weft.discovery.DiscoverySource; ");
  }

  /** Whoever greps it, or shows it in an editor, relies on it. */
  @Test
  void whatItPrintsStaysAsItIs() throws Exception {
    manifest.remove("Bundle-License");
    manifest.put("Import-Package", "io.weft.discovery;version=\"[2.0,3)\",io.weft.mesh;version=\"[1.0,2)\"");
    manifest.put("Require-Bundle", "io.weft.mesh");
    files.put("OSGI-INF/metatype/x.xml", metatype("api.token", "String", "The token."));
    assertThat(validate(1)).containsExactly(
        "warning: Bundle-License: nobody knows under which licence it comes; add <licenses> to the pom",
        "error: Import-Package: io.weft.discovery is wanted in version [2.0,3), and a node has 1.2.0; build it against the SDK of this version",
        "error: Import-Package: io.weft.mesh is no package of the API of this version; use what docs/plugins describes",
        "error: Require-Bundle: it wants bundles by their name; import packages instead",
        "warning: configuration api.token: nobody knows when a change takes effect; end the description with \"Applies at once.\", "
            + "\"Applies to new ...\" or \"Applies after a restart.\"",
        "error: configuration api.token: it looks like a secret, and every bundle can read configuration; make it type = "
            + "AttributeType.PASSWORD, which takes a reference only, and resolve it with Secrets");
  }

  @Test
  void importsAreComparedWithTheApi() throws Exception {
    manifest.put("Import-Package", "io.weft.discovery;version=\"[2.0,3)\",io.weft.mesh;version=\"[1.0,2)\",io.weft.node,"
        + "org.acme.lib,org.acme.maybe;resolution:=optional");
    assertThat(validate(1)).satisfiesExactlyInAnyOrder(
        line -> assertThat(line).contains("io.weft.discovery is wanted in version [2.0,3), and a node has 1.2.0"),
        line -> assertThat(line).contains("io.weft.mesh is no package of the API"),
        line -> assertThat(line).contains("io.weft.node is imported without a version"),
        line -> assertThat(line).contains("org.acme.lib is exported by no bundle"));
  }

  @Test
  void aJarThatIsNoPluginIsSaid() throws Exception {
    manifest.clear();
    files.clear();
    assertThat(validate(1)).anyMatch(l -> l.contains("not a bundle")).anyMatch(l -> l.contains("provides nothing"))
        .anyMatch(l -> l.contains("no component"));
  }

  @Test
  void copiesOfOurPackagesAreRefusedAndThoseOfSupportAreFine() throws Exception {
    files.put("io/weft/discovery/DiscoverySource.class", "");
    files.put("io/weft/support/dcs/DcsChecks.class", "");
    files.put("org/osgi/framework/Bundle.class", "");
    assertThat(validate(1)).hasSize(2).allMatch(l -> l.contains("a copy of a package"));
  }

  @Test
  void whatWouldReachIntoOthersIsRefused() throws Exception {
    manifest.put("Fragment-Host", "io.weft.node");
    manifest.put("Require-Bundle", "io.weft.mesh");
    manifest.put("DynamicImport-Package", "*");
    manifest.put("Export-Package", "io.weft.discovery;version=9");
    manifest.put("Bundle-SymbolicName", "io.weft.evil;singleton:=true");
    assertThat(validate(1)).hasSize(5).allMatch(l -> l.startsWith("error: "));
  }

  @Test
  void configurationMustBeExplainedAndHoldNoSecret() throws Exception {
    files.put("OSGI-INF/metatype/x.xml", metatype("api.token", "String", "The token."));
    assertThat(validate(1)).satisfiesExactlyInAnyOrder(
        l -> assertThat(l).startsWith("warning: configuration api.token: nobody knows when"),
        l -> assertThat(l).startsWith("error: configuration api.token: it looks like a secret"));
    files.put("OSGI-INF/metatype/x.xml", metatype("file", "String", ""));
    assertThat(validate(1)).singleElement().asString().contains("it has no description");
    files.put("OSGI-INF/metatype/x.xml", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>");
    assertThat(validate(1)).anyMatch(l -> l.contains("cannot be read as XML")).anyMatch(l -> l.contains("nothing describes it"));
  }

  @Test
  void namesThatLeadOutAreRefused() throws Exception {
    files.put("../../evil", "");
    assertThat(validate(1)).singleElement().asString().contains("leads out of the jar");
  }

  @Test
  void whatNoNodeTakesIsSaidHereFirst() throws Exception {
    files.put("Bomb", "0".repeat(1 << 20));
    assertThat(validate(1)).singleElement().asString().contains("no node takes this jar: the entry Bomb unpacks to more than 100 times its size");
  }

  @Test
  void aProgramGetsJson() throws Exception {
    manifest.remove("Bundle-License");
    assertThat(String.join("\n", validate(0, "--json"))).satisfies(text ->
        assertThat(JsonReader.read(text).toString()).contains("good=true", "level=warning", "where=Bundle-License"));
  }

  @Test
  void whatIsNoJarIsOneLine() throws Exception {
    Files.writeString(folder.resolve("plugin.jar"), "not a jar");
    assertThat(run(1, folder.resolve("plugin.jar").toString())).singleElement().asString().contains("cannot be read as a jar");
    assertThatThrownBy(() -> run(1, folder.resolve("none.jar").toString())).isInstanceOf(Failure.class).hasMessageContaining("not a file");
    assertThatThrownBy(() -> run(1)).isInstanceOf(Failure.class).hasMessageContaining("needs one JAR");
  }

  private List<String> validate(int code, String... options) throws Exception {
    jar("plugin.jar", manifest, files);
    List<String> words = new java.util.ArrayList<>(List.of(options));
    words.add(folder.resolve("plugin.jar").toString());
    return run(code, words.toArray(String[]::new));
  }

  private List<String> run(int code, String... words) throws Failure {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int got = PluginCommands.run(new Dist(folder, "0"), new Home(folder, folder), "validate", List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(got).as(lines.toString()).isEqualTo(code);
    return lines;
  }

  private void jar(String name, Map<String, String> headers, Map<String, String> content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Manifest written = new Manifest();
    written.getMainAttributes().putValue("Manifest-Version", "1.0");
    headers.forEach(written.getMainAttributes()::putValue);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), written)) {
      for (Map.Entry<String, String> entry : content.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
