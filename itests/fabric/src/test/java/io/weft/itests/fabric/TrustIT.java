package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose plugins run on a node as it is delivered: by command, through the deploy folder, over a restart, until the key is revoked. */
class TrustIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir
  Path folder;

  private ProcessFabric fabric;
  private NodeProcess node;

  @BeforeEach
  void start() throws Exception {
    fabric = ProcessFabric.alone(new NodeConfig("alone", "127.0.0.1:" + Ports.freeUdp()));
    node = fabric.node("alone");
    weft("plugin", "key", "new", folder.resolve("acme.key").toString(), "--plugins", "com.acme.");
    weft("plugin", "key", "new", folder.resolve("stranger.key").toString(), "--plugins", "*");
    node.start().awaitReady();
    Path keys = Files.createDirectories(node.home().resolve("conf/keys"));
    Files.move(Files.copy(folder.resolve("acme.pub"), node.home().resolve("next")), keys.resolve("acme.pub"));
  }

  @AfterEach
  void stop() {
    fabric.close();
  }

  @Test
  void onlyWhatATrustedKeySignedRunsByEveryWayIn() throws Exception {
    Path signed = signed("com.acme.signed", "acme");
    Await.until("the key to be known", SOON, () -> node.ask("bundle:install", "file:" + signed, "--dry-run").exitCode() == 0);
    node.ask("bundle:install", "file:" + signed).orFail();
    refused(jar("com.acme.unsigned"), "it is not signed");
    refused(signed("com.acme.stranger", "stranger"), "which this node does not know");
    refused(signed("org.other", "acme"), "may not sign org.other");
    Path altered = signed("com.acme.altered", "acme");
    byte[] bytes = Files.readAllBytes(altered);
    bytes[bytes.length - 20] = (byte) (bytes[bytes.length - 20] == 'A' ? 'B' : 'A');
    Files.write(altered, bytes);
    refused(altered, "it was changed after it was signed");

    deploy(signed("com.acme.dropped", "acme"));
    deploy(jar("com.acme.sneaked"));
    Await.until("the deploy folder to be read", SOON,
        () -> state("com.acme.dropped").equals("active") && isRefused("com.acme.sneaked"));
    assertThat(state("com.acme.sneaked")).as("no bundle comes of it").isEmpty();

    assertThat(node.terminate(Duration.ofSeconds(15))).isZero();
    node.start().awaitReady();
    Await.until("everything to be as before", SOON, () -> state("com.acme.signed").equals("active")
        && state("com.acme.dropped").equals("active") && isRefused("com.acme.sneaked"));

    weft("plugin", "sign", folder.resolve("com.acme.sneaked.jar").toString(), "--key", folder.resolve("acme.key").toString());
    deploy(folder.resolve("com.acme.sneaked.jar"));
    Await.until("it to run once it is signed", SOON, () -> state("com.acme.sneaked").equals("active"));

    Path revoked = node.home().resolve("conf/keys/revoked");
    String id = Files.readString(folder.resolve("id"));
    Files.writeString(revoked, "key " + id + " lost\n");
    Await.until("all of that key to stop", SOON, () -> state("com.acme.signed").equals("installed")
        && state("com.acme.dropped").equals("installed") && state("com.acme.sneaked").equals("installed"));
    assertThat(node.ask("health:check", "--kind", "liveness").exitCode()).isZero();
  }

  @Test
  void aCatalogueIsSearchedAndItsPluginsAreKnown() throws Exception {
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    Files.move(signed("com.acme.listed", "acme"), plugins.resolve("listed.jar"));
    weft("plugin", "key", "new", folder.resolve("shop.key").toString(), "--catalogs", "shop");
    weft("plugin", "pack", plugins.toString(), "--key", folder.resolve("shop.key").toString(), "--name", "shop");
    Files.copy(folder.resolve("shop.pub"), node.home().resolve("conf/keys/shop.pub"));
    node.config().line("plugins: {catalogs: [\"shop=" + plugins + "\"]}");
    node.rewriteConfig();
    Await.until("the catalogue to be used", SOON,
        () -> node.ask("plugin:search", "listed", "--refresh").out().contains("com.acme.listed"));
    assertThat(node.ask("plugin:show", "com.acme.listed").orFail()).contains("1.0.0", "shop", "acme");
    assertThat(node.ask("plugin:catalogs", "--json").orFail()).contains("\"version\": 1", "\"problem\": \"\"");
    assertThat(node.ask("plugin:check", plugins.resolve("listed.jar").toString()).orFail()).contains("may run: signed by acme");
    Path unsigned = jar("com.acme.other");
    assertThat(node.ask("plugin:check", unsigned.toString()).exitCode()).isEqualTo(1);

    byte[] index = Files.readAllBytes(plugins.resolve("index"));
    index[index.length - 10] ^= 1;
    Files.write(plugins.resolve("index"), index);
    assertThat(node.ask("plugin:catalogs", "--refresh").orFail()).contains("signed by no trusted key");
  }

  private boolean isRefused(String name) throws IOException {
    return node.ask("plugin:list", "--failed", "--json").out().contains(name + " may not run here: it is not signed");
  }

  private void refused(Path jar, String because) throws IOException {
    Command.Result result = node.ask("bundle:install", "file:" + jar);
    assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(4);
    assertThat(result.err()).hasLineCount(1).contains(because);
  }

  private void deploy(Path jar) throws IOException {
    Path next = Files.copy(jar, node.home().resolve("next"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(next, node.home().resolve("deploy").resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path signed(String name, String key) throws IOException {
    Path jar = jar(name);
    String said = weft("plugin", "sign", jar.toString(), "--key", folder.resolve(key + ".key").toString());
    if (key.equals("acme")) {
      Files.writeString(folder.resolve("id"), said.strip().replaceFirst("(?s).* by key ", ""));
    }
    return jar;
  }

  private String state(String name) throws IOException {
    return node.ask("bundle:list", name).out().lines().filter(line -> line.contains(name)).map(line -> line.trim().split("\\s+")[3])
        .findFirst().orElse("");
  }

  private Path jar(String name) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", "1.0.0");
    Path jar = folder.resolve(name + ".jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  private static String weft(String... words) {
    List<String> all = new ArrayList<>(List.of(Distribution.weft().toString()));
    all.addAll(List.of(words));
    return Command.of(all).run().orFail();
  }
}
