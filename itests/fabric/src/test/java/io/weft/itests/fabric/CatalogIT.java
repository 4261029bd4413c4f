package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.net.Ports;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalogue from its publisher to plugins that run in two nodes, one of which has it from a web server and the other from a folder. */
class CatalogIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private Path shop;
  private ProcessFabric fabric;
  private FolderServer server;

  @BeforeEach
  void publish() throws Exception {
    shop = Files.createDirectories(folder.resolve("shop"));
    weft("plugin", "key", "new", folder.resolve("acme.key").toString(), "--plugins", "com.acme.", "--catalogs", "shop");
    release("1.0.0");
    server = new FolderServer(shop);
    String gone = "gone=http://127.0.0.1:" + Ports.freeTcp() + "/";
    fabric = ProcessFabric.of(config -> config.line("plugins: {catalogs: [\"" + gone + "\", \"shop="
        + (config.name().equals("web") ? server.url() : shop) + "\"]}"), "web", "disk");
    for (NodeProcess node : fabric.nodes()) {
      Files.copy(folder.resolve("acme.pub"), Files.createDirectories(node.home().resolve("conf/keys")).resolve("acme.pub"));
    }
    fabric.start();
  }

  @AfterEach
  void close() {
    fabric.close();
    server.close();
  }

  @Test
  void isSearchedInstalledFromUpdatedAndGoneBackFrom() throws Exception {
    for (NodeProcess node : fabric.nodes()) {
      assertThat(texts(node.ask("plugin:search", "acme", "--json"), "plugins", "version")).containsExactly("1.0.0", "1.0.0");
      Map<?, ?> shown = json(node.ask("plugin:show", "com.acme.app", "--json"));
      assertThat(shown.get("installed")).isNull();
      assertThat(shown.get("chosen")).isEqualTo(Map.of("version", "1.0.0", "catalog", "shop"));

      Map<?, ?> plan = json(node.ask("plugin:install", "com.acme.app", "--json"));
      assertThat(plan.get("dry_run")).isEqualTo(true);
      assertThat(bundles(plan)).containsExactly("add com.acme.app 1.0.0 the catalogue shop",
          "add com.acme.lib 1.0.0 the catalogue shop, needed by com.acme.app");
      assertThat(ListedPlugin.all(node)).as("a plan changes nothing").isEmpty();
      assertThat(json(node.ask("plugin:install", "com.acme.app", "--yes", "--json")).get("change")).isNotNull();
      awaitActive(node, "1.0.0");
      assertThat(json(node.ask("plugin:show", "com.acme.app", "--json")).get("installed")).isEqualTo("1.0.0");
    }
    NodeProcess web = fabric.node("web");
    assertThat(web.ask("plugin:update", "com.acme.app").err()).contains("is installed already, and the newest that the catalogues have");
    byte[] before = Files.readAllBytes(shop.resolve("index"));
    release("1.1.0");
    for (NodeProcess node : fabric.nodes()) {
      assertThat(bundles(json(node.ask("plugin:update", "com.acme.app", "--yes", "--json")))).containsExactly(
          "replace com.acme.app 1.1.0 the catalogue shop", "replace com.acme.lib 1.1.0 the catalogue shop, needed by com.acme.app");
      awaitActive(node, "1.1.0");
    }
    web.ask("plugin:rollback", "--yes").orFail();
    awaitActive(web, "1.0.0");
    assertThat(web.ask("plugin:install", "com.acme.app@9.0.0").err()).contains("no catalogue has com.acme.app 9.0.0; there is 1.1.0, 1.0.0; "
        + "the catalogue gone cannot be used: it cannot be reached").hasLineCount(1);

    // Whoever has the server puts an old index there.
    Files.write(shop.resolve("index"), before);
    assertThat(web.terminate(Duration.ofSeconds(30))).isZero();
    web.start().awaitReady();
    assertThat(web.ask("plugin:catalogs", "--json").out()).contains("its index is version 1, older than version 2 which this node has seen");
    assertThat(web.ask("plugin:update", "com.acme.app").err()).contains("the catalogue shop cannot be used");
    awaitActive(web, "1.0.0");
  }

  @Test
  void itsKeysAreChangedAndTheOldOnesCountNoMore() throws Exception {
    NodeProcess web = fabric.node("web");
    for (String name : List.of("r1", "r2", "next")) {
      weft("plugin", "key", "new", folder.resolve(name + ".key").toString(), "--catalogs", "shop");
    }
    byte[] old = Files.readAllBytes(shop.resolve("index"));
    root("--name", "shop", "--root", file("r1.pub"), "--root", file("r2.pub"), "--index", file("acme.pub"), "--key", file("r1.key"));
    weft("plugin", "root", "sign", shop.toString(), "--key", file("r2.key"));
    assertThat(problem(web)).contains("of root.1 to root.1 none is signed by a key of conf/keys that has 'catalogs: shop'");
    Files.copy(folder.resolve("r1.pub"), web.home().resolve("conf/keys/r1.pub"));
    Await.until("the root to be believed", LONG, () -> status(web).get("root").equals(1L) && problem(web).isEmpty());

    root("--index", file("next.pub"), "--key", file("r1.key"), "--key", file("r2.key"));
    assertThat(problem(web)).contains("its index is signed by no key that root.2 names for it");
    weft("plugin", "pack", shop.toString(), "--key", file("next.key"));
    assertThat(problem(web)).isEmpty();
    assertThat(status(web)).containsEntry("version", 2L).containsEntry("root", 2L);
    web.ask("plugin:install", "com.acme.app", "--yes").orFail();
    awaitActive(web, "1.0.0");

    // Whoever has the old key and the server hides the roots and puts the old index there.
    Files.delete(shop.resolve("root.1"));
    Files.delete(shop.resolve("root.2"));
    Files.write(shop.resolve("index"), old);
    assertThat(web.terminate(Duration.ofSeconds(30))).isZero();
    web.start().awaitReady();
    assertThat(problem(web)).contains("its index is signed by no key that root.2 names for it");
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void root(String... words) {
    List<String> all = new ArrayList<>(List.of("plugin", "root", "new", shop.toString()));
    all.addAll(List.of(words));
    weft(all.toArray(String[]::new));
  }

  private static Map<String, Object> status(NodeProcess node) throws IOException {
    List<?> catalogs = (List<?>) json(node.ask("plugin:catalogs", "--refresh", "--json")).get("catalogs");
    Map<String, Object> shop = new java.util.TreeMap<>();
    ((Map<?, ?>) catalogs.get(1)).forEach((key, value) -> shop.put(String.valueOf(key), value));
    return shop;
  }

  private static String problem(NodeProcess node) throws IOException {
    return String.valueOf(status(node).get("problem"));
  }

  /** Both plugins in that version, added to what there is. */
  private void release(String version) throws IOException {
    Path lib = PluginJar.of(shop.resolve("lib-" + version + ".jar"), "com.acme.lib", version, "Export-Package", "com.acme.lib;version=" + version);
    Path app = PluginJar.of(shop.resolve("app-" + version + ".jar"), "com.acme.app", version, "Import-Package",
        "com.acme.lib;version=\"[" + version + ",2)\"");
    String key = folder.resolve("acme.key").toString();
    weft("plugin", "sign", lib.toString(), app.toString(), "--key", key);
    weft("plugin", "pack", shop.toString(), "--key", key, "--name", "shop");
  }

  private static void awaitActive(NodeProcess node, String version) {
    Await.until("both plugins to be active in " + version, LONG, () -> List.of("com.acme.app", "com.acme.lib").stream().allMatch(name -> {
      Map<?, ?> plugin = listed(node, name);
      return "active".equals(plugin.get("state")) && version.equals(plugin.get("version"));
    }));
  }

  private static Map<?, ?> listed(NodeProcess node, String name) {
    try {
      return ListedPlugin.of(node, name);
    } catch (IOException e) {
      return Map.of();
    }
  }

  private static Map<?, ?> json(Command.Result result) {
    return (Map<?, ?>) JsonReader.read(result.orFail());
  }

  private static List<String> texts(Command.Result result, String list, String member) {
    return ((List<?>) json(result).get(list)).stream().map(entry -> String.valueOf(((Map<?, ?>) entry).get(member))).toList();
  }

  private static List<String> bundles(Map<?, ?> answer) {
    return ((List<?>) ((Map<?, ?>) answer.get("plan")).get("bundles")).stream().map(entry -> (Map<?, ?>) entry)
        .map(move -> move.get("action") + " " + move.get("name") + " " + move.get("to") + " " + move.get("source")).toList();
  }

  private static String weft(String... words) {
    List<String> all = new ArrayList<>(List.of(Distribution.weft().toString()));
    all.addAll(List.of(words));
    return Command.of(all).run().orFail();
  }
}
