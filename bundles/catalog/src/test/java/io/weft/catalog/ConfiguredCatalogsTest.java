package io.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginUnavailable;
import io.weft.plugin.StagedPlugin;
import io.weft.support.plugin.CatalogIndex;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.Sha256;
import io.weft.support.plugin.SignedIndex;
import io.weft.support.plugin.SigningKey;
import io.weft.support.plugin.TrustedKey;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Catalogues in folders and on a server, from search to a jar in staging. */
class ConfiguredCatalogsTest {

  @TempDir
  Path dir;

  private final ManualTime time = new ManualTime();
  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final List<TrustedKey> keys = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void folder() throws Exception {
    folder = Files.createDirectories(dir.resolve("acme"));
    keys.add(new TrustedKey("acme", key.publicKey(), List.of("com.acme."), List.of("acme")));
  }

  private ConfiguredCatalogs catalogs(String... entries) {
    return new ConfiguredCatalogs(dir.resolve("home"), FakeConfig.of(PluginsConfig.class, Map.of("catalogs", entries)), time, time, new NoTrust(),
        () -> new ConfiguredCatalogs.Trusted(List.copyOf(keys), Set.of()));
  }

  private ListedPlugin plugin(String name, String version, String description) throws Exception {
    byte[] jar = (name + version).getBytes(StandardCharsets.UTF_8);
    String file = name + "-" + version + ".jar";
    Files.write(folder.resolve(file), jar);
    return new ListedPlugin(name, version, List.of("SecretSource"), description, "Apache-2.0", List.of(), List.of(), file, jar.length,
        Sha256.hex(jar), key.publicKey().id());
  }

  private void publish(long version, ListedPlugin... plugins) throws Exception {
    publish("acme", version, plugins);
  }

  private void publish(String name, long version, ListedPlugin... plugins) throws Exception {
    Files.write(folder.resolve("index"), SignedIndex.sign(new CatalogIndex(name, version, time.now().minus(Duration.ofDays(1)), time.now().plus(
        Duration.ofDays(30)), 1, List.of(plugins)), List.of(key)));
  }

  @Test
  void findsByWordNameAndRange() throws Exception {
    publish(1, plugin("com.acme.vault", "1.2.0", "Secrets of a vault"), plugin("com.acme.vault", "1.10.0", "Secrets of a vault"),
        plugin("com.acme.cave", "0.1.0", "Other secrets"));
    ConfiguredCatalogs catalogs = catalogs("acme=" + folder);
    assertThat(catalogs.search("")).extracting(p -> p.name() + " " + p.version()).containsExactly("com.acme.cave 0.1.0", "com.acme.vault 1.10.0");
    assertThat(catalogs.search("Vault secretsource")).extracting(PluginInfo::name).containsExactly("com.acme.vault");
    assertThat(catalogs.versions("com.acme.vault")).extracting(PluginInfo::version).containsExactly("1.10.0", "1.2.0");
    assertThat(catalogs.find("com.acme.vault", "[1,1.5)")).get().extracting(PluginInfo::version).isEqualTo("1.2.0");
    assertThat(catalogs.find("com.acme.vault", "[2,3)")).isEmpty();
    assertThat(catalogs.catalogs()).singleElement().satisfies(status -> {
      assertThat(status.version()).isEqualTo(1);
      assertThat(status.signers()).containsExactly("acme");
      assertThat(status.problem()).isEmpty();
    });
  }

  @Test
  void theCatalogueConfiguredFirstGoesFirst() throws Exception {
    keys.set(0, new TrustedKey("acme", key.publicKey(), List.of("com.acme."), List.of("acme", "second")));
    publish(1, plugin("com.acme.vault", "1.0.0", "of the first"));
    Path first = folder;
    folder = Files.createDirectories(dir.resolve("second"));
    ListedPlugin same = plugin("com.acme.vault", "1.0.0", "of the second");
    publish("second", 1, same, plugin("com.acme.vault", "9.0.0", ""), plugin("com.acme.cave", "1.0.0", ""));
    ConfiguredCatalogs catalogs = catalogs("acme=" + first, "second=" + folder);
    assertThat(catalogs.versions("com.acme.vault")).extracting(p -> p.version() + " " + p.catalog()).containsExactly("9.0.0 second",
        "1.0.0 acme", "1.0.0 second");
    assertThat(catalogs.find("com.acme.vault", "")).get().extracting(PluginInfo::description).isEqualTo("of the first");
    assertThat(catalogs.search("")).extracting(p -> p.name() + " " + p.version()).containsExactly("com.acme.cave 1.0.0", "com.acme.vault 1.0.0");
    assertThat(catalogs.find("com.acme.vault", "[9.0.0,9.0.0]")).get().extracting(PluginInfo::catalog).isEqualTo("second");
    Files.delete(first.resolve(same.file()));
    PluginInfo vault = catalogs.find("com.acme.vault", "").orElseThrow();
    assertThat(catalogs.fetch(vault).jar()).as("the same file of the other catalogue").hasContent("com.acme.vault1.0.0");
    Files.delete(folder.resolve(same.file()));
    assertThatThrownBy(() -> catalogs.fetch(vault)).hasMessageContaining("from the catalogue acme: there is no file")
        .hasMessageContaining("; the catalogue second: there is no file");
  }

  @Test
  void theNewestIsTheNewestThatMayRun() throws Exception {
    ListedPlugin good = plugin("com.acme.vault", "1.0.0", "");
    ListedPlugin stranger = new ListedPlugin(good.name(), "2.0.0", List.of(), "", "", List.of(), List.of(), "b.jar", 1, good.sha256(),
        "00112233aabbccdd");
    publish(1, good, stranger, plugin("org.other", "1.0.0", ""));
    ConfiguredCatalogs catalogs = catalogs("acme=" + folder);
    assertThat(catalogs.find("com.acme.vault", "")).get().extracting(PluginInfo::version).isEqualTo("1.0.0");
    assertThat(catalogs.find("com.acme.vault", "[2,3)")).as("whoever asks for it hears why not").isPresent();
    assertThat(catalogs.find("org.other", "")).isPresent();
  }

  @Test
  void knowsWhoMeetsANeed() throws Exception {
    publish(1, providing("com.acme.lib", "1.0.0", "osgi.wiring.package;osgi.wiring.package=\"com.acme.lib\";version=\"1.9.0\""),
        providing("com.acme.lib", "2.0.0", "osgi.wiring.package;osgi.wiring.package=\"com.acme.lib\";version=\"1.10.0\""),
        providing("com.acme.bad", "1.0.0", "osgi.wiring.package;osgi.wiring.package=\"com.acme.lib\";version=\"x\""),
        providing("com.acme.typed", "1.0.0", "acme.kind;number:Long=7"));
    ConfiguredCatalogs catalogs = catalogs("acme=" + folder);
    assertThat(found(catalogs, "osgi.wiring.package", "(&(osgi.wiring.package=com.acme.lib)(version>=1.9.0)(!(version>=1.10.0)))"))
        .containsExactly("com.acme.lib 1.0.0");
    assertThat(found(catalogs, "osgi.wiring.package", "(osgi.wiring.package=com.acme.lib)")).containsExactly("com.acme.lib 2.0.0");
    assertThat(found(catalogs, "osgi.wiring.bundle", "(&(osgi.wiring.bundle=com.acme.typed)(bundle-version>=1.0.0))"))
        .containsExactly("com.acme.typed 1.0.0");
    assertThat(found(catalogs, "acme.kind", "(number>=7)")).containsExactly("com.acme.typed 1.0.0");
    assertThat(found(catalogs, "acme.kind", "(number>=8)")).isEmpty();
    assertThatThrownBy(() -> catalogs.providing("acme.kind", "(number")).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> found(ConfiguredCatalogs catalogs, String namespace, String filter) {
    return catalogs.providing(namespace, filter).stream().map(info -> info.name() + " " + info.version()).toList();
  }

  private ListedPlugin providing(String name, String version, String capability) throws Exception {
    ListedPlugin plain = plugin(name, version, "");
    return new ListedPlugin(name, version, List.of(), "", "", List.of(capability), List.of(), plain.file(), plain.size(), plain.sha256(),
        plain.keyId());
  }

  @Test
  void bringsTheFileThatTheIndexNamesAndNoOther() throws Exception {
    publish(1, plugin("com.acme.vault", "1.2.0", ""));
    ConfiguredCatalogs catalogs = catalogs("acme=" + folder);
    PluginInfo vault = catalogs.find("com.acme.vault", "").orElseThrow();
    StagedPlugin staged = catalogs.fetch(vault);
    assertThat(staged.jar()).hasContent("com.acme.vault1.2.0").hasParent(dir.resolve("home/data/staging"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(staged.jar().getParent()))).isEqualTo("rwx------");

    Files.writeString(folder.resolve("com.acme.vault-1.2.0.jar"), "com.acme.vault1.2.1");
    assertThatThrownBy(() -> catalogs.fetch(vault)).isInstanceOf(PluginUnavailable.class).hasMessageContaining("its hash is another");
    Files.writeString(folder.resolve("com.acme.vault-1.2.0.jar"), "endless".repeat(100));
    assertThatThrownBy(() -> catalogs.fetch(vault)).hasMessageContaining("it has more than 19 bytes");
    Files.writeString(folder.resolve("com.acme.vault-1.2.0.jar"), "short");
    assertThatThrownBy(() -> catalogs.fetch(vault)).hasMessageContaining("it has 5 bytes, but the index says 19");
    Files.delete(folder.resolve("com.acme.vault-1.2.0.jar"));
    assertThatThrownBy(() -> catalogs.fetch(vault)).hasMessageContaining("there is no file");
    assertThat(staged.jar()).as("what was brought before").exists();
    try (var files = Files.list(staged.jar().getParent())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void neverGoesBackAlsoAfterARestart() throws Exception {
    publish(1, plugin("com.acme.vault", "1.0.0", ""));
    byte[] old = Files.readAllBytes(folder.resolve("index"));
    publish(2, plugin("com.acme.vault", "1.1.0", ""));
    assertThat(catalogs("acme=" + folder).search("")).hasSize(1);
    Files.write(folder.resolve("index"), old);
    ConfiguredCatalogs restarted = catalogs("acme=" + folder);
    assertThat(restarted.search("")).isEmpty();
    assertThat(problem(restarted)).contains("older than version 2");
    Files.writeString(dir.resolve("home/data/catalogs/acme.json"), "damaged");
    assertThat(problem(catalogs("acme=" + folder))).contains("what was seen of it is not known");
  }

  @Test
  void expiresWhileItIsUsedAndForgetsAKeyThatIsRevoked() throws Exception {
    publish(1, plugin("com.acme.vault", "1.0.0", ""));
    ConfiguredCatalogs catalogs = catalogs("acme=" + folder);
    assertThat(catalogs.search("")).hasSize(1);
    TrustedKey acme = keys.remove(0);
    assertThat(catalogs.search("")).isEmpty();
    keys.add(acme);
    catalogs.refresh();
    assertThat(catalogs.search("")).hasSize(1);
    time.advance(Duration.ofDays(31));
    assertThat(catalogs.search("")).isEmpty();
    assertThat(problem(catalogs)).contains("expired");
  }

  @Test
  void asksAServerAndUsesTheLastIndexWhileThatIsAway() throws Exception {
    publish(3, plugin("com.acme.vault", "1.0.0", ""));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/plugins/", exchange -> {
      String name = exchange.getRequestURI().getPath().substring("/plugins/".length());
      boolean there = Files.exists(folder.resolve(name));
      byte[] body = there ? Files.readAllBytes(folder.resolve(name)) : new byte[0];
      exchange.sendResponseHeaders(there ? 200 : 302, there ? body.length : -1);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/plugins";
    ConfiguredCatalogs catalogs = catalogs("acme=" + url);
    try {
      PluginInfo vault = catalogs.find("com.acme.vault", "").orElseThrow();
      assertThat(catalogs.fetch(vault).jar()).hasContent("com.acme.vault1.0.0");
      Files.move(folder.resolve("index"), folder.resolve("away"));
      catalogs.refresh();
      assertThat(problem(catalogs)).contains("answers 302", "the index of its version 3 is used meanwhile");
    } finally {
      server.stop(0);
    }
    catalogs.refresh();
    assertThat(catalogs.search("")).hasSize(1);
    assertThat(problem(catalogs)).contains("cannot be reached");
  }

  @Test
  void asksABrokenOneAgainSoonerThanAGoodOne() throws Exception {
    ConfiguredCatalogs catalogs = catalogs("acme=" + folder);
    assertThat(problem(catalogs)).contains("there is no file index");
    publish(1, plugin("com.acme.vault", "1.0.0", ""));
    assertThat(catalogs.search("")).as("not at every question").isEmpty();
    time.advance(Duration.ofMinutes(1));
    assertThat(catalogs.search("")).hasSize(1);
    publish(2, plugin("com.acme.vault", "1.1.0", ""));
    time.advance(Duration.ofMinutes(59));
    assertThat(catalogs.catalogs().get(0).version()).isEqualTo(1);
    time.advance(Duration.ofMinutes(1));
    assertThat(catalogs.catalogs().get(0).version()).isEqualTo(2);
  }

  @Test
  void neitherABrokenOneNorOneThatExpiredNorASlowOneStopsTheOthers() throws Exception {
    keys.set(0, new TrustedKey("acme", key.publicKey(), List.of("com.acme."), List.of("acme", "old")));
    publish(1, plugin("com.acme.vault", "1.0.0", ""));
    Path old = Files.createDirectories(dir.resolve("old"));
    Files.write(old.resolve("index"), SignedIndex.sign(new CatalogIndex("old", 1, time.now().minus(Duration.ofDays(9)),
        time.now().minus(Duration.ofDays(1)), 1, List.of()), List.of(key)));
    try (java.net.ServerSocket silent = new java.net.ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      ConfiguredCatalogs catalogs = catalogs("one=" + url, "two=" + url, "old=" + old, "acme=" + folder);
      Thread asks = new Thread(() -> catalogs.search(""));
      asks.start();
      try (java.net.Socket first = silent.accept(); java.net.Socket second = silent.accept()) {
        // Both are asked before either answered.
        assertThat(first.getInputStream().read() + second.getInputStream().read()).isEqualTo('G' + 'G');
        time.advance(HttpSource.FILE_MAX);
        asks.join(60_000);
        assertThat(asks.isAlive()).isFalse();
      }
      assertThat(catalogs.find("com.acme.vault", "")).isPresent();
      assertThat(catalogs.catalogs()).extracting(CatalogStatus::problem).satisfies(problems -> {
        assertThat(problems.get(0)).contains("takes longer than 30 s");
        assertThat(problems.get(2)).contains("expired at 2025-12-31T00:00:00Z; ask its publisher for a newer one");
        assertThat(problems.get(3)).isEmpty();
      });
    }
  }

  @Test
  void aFaultyEntryHarmsNoOther() throws Exception {
    publish(1, plugin("com.acme.vault", "1.0.0", ""));
    ConfiguredCatalogs catalogs = catalogs("Bad Name=/x", "http://user@host/", "acme=" + folder, "acme=/again", "gone=" + dir.resolve("gone"));
    assertThat(catalogs.catalogs()).extracting(CatalogStatus::name).containsExactly("acme", "gone");
    assertThat(catalogs.search("")).hasSize(1);
    assertThatThrownBy(() -> catalogs.find("x", "[1")).isInstanceOf(IllegalArgumentException.class);
  }

  private static String problem(ConfiguredCatalogs catalogs) {
    return catalogs.catalogs().get(0).problem();
  }
}
