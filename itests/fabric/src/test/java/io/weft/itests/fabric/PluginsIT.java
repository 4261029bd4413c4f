package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that an operator brings: by URL, from a Maven repository, through the deploy folder; and what is left of them after a restart. */
class PluginsIT {

  @TempDir
  Path folder;

  private ProcessFabric fabric;
  private NodeProcess node;

  @BeforeEach
  void start() {
    fabric = ProcessFabric.alone(new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()).line("plugins: {unsigned: allow}"));
    // Maven's repositories of this machine, and the network, stay out of it.
    node = fabric.node("alone").env("WEFT_JAVA_OPTS",
        "-Dorg.ops4j.pax.url.mvn.localRepository=" + folder.resolve("m2") + " -Dorg.ops4j.pax.url.mvn.offline=true");
    node.start().awaitReady();
  }

  @AfterEach
  void stop() {
    fabric.close();
  }

  @Test
  void whatWasInstalledByUrlSurvivesRestartsKillsAndALostCache() throws Exception {
    Path file = bundle(folder.resolve("one.jar"), "org.example.one", null);
    bundle(folder.resolve("m2/org/example/two/1.0/two-1.0.jar"), "org.example.two", null);
    ok("bundle:install", "file:" + file);
    ok("bundle:install", "mvn:org.example/two/1.0"); // the first use of such a URL in this process
    assertThat(states()).isEqualTo("activeactive");
    Files.delete(file); // it is not needed any more

    node.kill();
    node.start().awaitReady();
    awaitStates("activeactive");

    assertThat(node.terminate(Duration.ofSeconds(15))).isZero();
    delete(node.home().resolve("data/framework"));
    node.start().awaitReady();
    awaitStates("activeactive");

    ok("bundle:uninstall", "org.example.one");
    assertThat(node.terminate(Duration.ofSeconds(15))).isZero();
    node.start().awaitReady();
    awaitStates("active");
  }

  @Test
  void aUrlThatLeadsNowhereIsOneLine() throws Exception {
    for (String url : new String[] {"file:" + folder.resolve("none.jar"), "mvn:org.example/none/1.0", "none.jar", "mvn:x"}) {
      Command.Result result = node.ask("bundle:install", url);
      assertThat(result.exitCode()).as(url).isEqualTo(3);
      assertThat(result.err()).hasLineCount(1).contains("cannot read");
    }
  }

  @Test
  void aBundleInTheDeployFolderThatDoesNotStartSaysWhy() throws Exception {
    bundle(node.home().resolve("deploy/three.jar"), "org.example.three", "java.lang.Object");
    Await.until("the reason to be shown", Duration.ofSeconds(20),
        () -> node.ask("plugin:list", "--failed").out().contains("it did not start: ClassCastException: "));
    assertThat(node.status().get("bundles").toString()).contains("org.example.three", "ClassCastException");

    Files.delete(node.home().resolve("deploy/three.jar"));
    Await.until("it to go", Duration.ofSeconds(20), () -> state("org.example.three").isEmpty());
    Await.until("nothing to be wrong any more", Duration.ofSeconds(20), () -> node.ask("health:check").exitCode() == 0);
  }

  /** Plugins start after the node, and not in its way. */
  private void awaitStates(String expected) {
    Await.until(expected, Duration.ofSeconds(60), () -> states().equals(expected));
  }

  private String states() throws IOException {
    return state("org.example.one") + state("org.example.two");
  }

  private void ok(String... words) throws IOException {
    node.ask(words).orFail();
  }

  /** Empty if there is none. */
  private String state(String name) throws IOException {
    return node.ask("bundle:list", name).out().lines().filter(line -> line.contains(name)).map(line -> line.trim().split("\\s+")[3])
        .findFirst().orElse("");
  }

  private static Path bundle(Path jar, String name, String activator) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", "1.0.0");
    if (activator != null) {
      main.putValue("Bundle-Activator", activator);
    }
    Files.createDirectories(jar.getParent());
    Path next = jar.resolveSibling("next");
    new JarOutputStream(Files.newOutputStream(next), manifest).close();
    return Files.move(next, jar);
  }

  private static void delete(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
