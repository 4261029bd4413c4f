package io.weft.launcher.plugin;

import io.weft.launcher.Failure;
import io.weft.support.Json;
import io.weft.support.file.WholeFile;
import io.weft.support.plugin.CatalogIndex;
import io.weft.support.plugin.CatalogRoot;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.MalformedArchive;
import io.weft.support.plugin.PluginArchive;
import io.weft.support.plugin.PluginManifest;
import io.weft.support.plugin.PublicKeyId;
import io.weft.support.plugin.Sha256;
import io.weft.support.plugin.SignedIndex;
import io.weft.support.plugin.SignedJar;
import io.weft.support.plugin.SigningKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/** {@code weft plugin pack FOLDER}: the signed index that makes a catalogue of a folder of signed jars. */
final class PackCatalog {

  private static final int DAYS = 90;
  private static final int DAYS_MAX = 3650;

  private final Path folder;
  private final List<SigningKey> keys;
  private final Instant now;

  private PackCatalog(Path folder, List<SigningKey> keys) {
    this.folder = folder;
    this.keys = keys;
    this.now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  static int run(List<String> given, PrintStream out) throws Failure {
    Words words = Words.parse(given, Set.of("--key", "--name", "--days", "--signatures"));
    if (words.arguments().size() != 1 || words.all("--key").isEmpty()) {
      throw Failure.usage("weft plugin pack needs a FOLDER and --key FILE; see weft plugin --help");
    }
    Path folder = Path.of(words.arguments().get(0)).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new Failure(Failure.PRECONDITION, folder + " is not a folder");
    }
    List<SigningKey> keys = new ArrayList<>();
    for (String file : words.all("--key")) {
      keys.add(KeyFiles.read(file));
    }
    int days = number(words, "--days", DAYS, DAYS_MAX);
    int signatures = number(words, "--signatures", keys.size(), keys.size());
    CatalogIndex index = new PackCatalog(folder, keys).pack(words.one("--name", ""), days, signatures);
    if (words.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("catalog", index.catalog());
      map.put("version", index.version());
      map.put("expires", index.expires().toString());
      map.put("plugins", index.plugins().stream().map(plugin -> plugin.name() + " " + plugin.version()).toList());
      out.println(Json.lines(map));
    } else {
      out.println("wrote " + folder.resolve(SignedIndex.FILE) + ": version " + index.version() + " of the catalogue " + index.catalog() + " with "
          + index.plugins().size() + " plugins, good until " + index.expires());
    }
    return 0;
  }

  static int number(Words words, String option, int otherwise, int max) throws Failure {
    String text = words.one(option, String.valueOf(otherwise));
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
      throw Failure.usage(option + " is a number from 1 to " + max);
    }
    return Integer.parseInt(text);
  }

  private CatalogIndex pack(String wanted, int days, int signatures) throws Failure {
    Path file = folder.resolve(SignedIndex.FILE);
    try {
      CatalogIndex before = Files.exists(file) ? SignedIndex.parse(Files.readAllBytes(file)).index() : null;
      String name = wanted.isEmpty() && before != null ? before.catalog() : wanted;
      if (name.isEmpty()) {
        throw Failure.usage("give the catalogue a name the first time: --name acme");
      }
      if (before != null && !before.catalog().equals(name)) {
        throw new Failure(Failure.PRECONDITION, folder + " is the catalogue " + before.catalog() + " already");
      }
      mayPack(name);
      CatalogIndex index = new CatalogIndex(name, before == null ? 1 : before.version() + 1, now, now.plus(Duration.ofDays(days)), signatures,
          jars());
      WholeFile.write(file, SignedIndex.sign(index, keys), WholeFile.Sync.CONTENT);
      return index;
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.CHECK, folder + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Failure(Failure.CHECK, "cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Whoever packs with a key that the root does not name finds out here, rather than from those who cannot install. */
  private void mayPack(String name) throws Failure, IOException {
    CatalogRoot root = RootFiles.latest(folder).orElse(null);
    if (root == null) {
      return;
    }
    if (!root.catalog().equals(name)) {
      throw new Failure(Failure.PRECONDITION, folder + " is the catalogue " + root.catalog() + ", says its root." + root.version());
    }
    if (!root.expires().isAfter(now)) {
      throw new Failure(Failure.PRECONDITION, "its root." + root.version() + " expired at " + root.expires() + "; make the next one first: "
          + "weft plugin root new " + folder + " --key FILE");
    }
    List<PublicKeyId> given = keys.stream().map(SigningKey::publicKey).toList();
    if (!root.index().isMetBy(given)) {
      throw new Failure(Failure.PRECONDITION, "no node would believe it: root." + root.version() + " wants " + root.index().threshold() + " of "
          + String.join(", ", root.index().keys().stream().map(PublicKeyId::id).toList()) + " to sign the index, and --key names "
          + String.join(", ", given.stream().map(PublicKeyId::id).toList()));
    }
  }

  private List<ListedPlugin> jars() throws Failure, IOException {
    List<ListedPlugin> plugins = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().toList();
    }
    for (Path jar : files) {
      plugins.add(listed(jar));
    }
    return plugins;
  }

  private static ListedPlugin listed(Path jar) throws Failure {
    byte[] bytes = SignPlugin.read(jar);
    try {
      PluginManifest manifest = new PluginManifest(PluginArchive.read(bytes));
      SignedJar signature = SignedJar.of(bytes).orElseThrow(
          () -> new Failure(Failure.CHECK, jar + " is not signed; sign it first: weft plugin sign " + jar.getFileName() + " --key FILE"));
      return new ListedPlugin(manifest.symbolicName(), Version.parseVersion(manifest.version()).toString(), ListedHeaders.kinds(manifest),
          manifest.header("Bundle-Description"), ListedHeaders.licence(manifest), ListedHeaders.capabilities(manifest),
          ListedHeaders.requirements(manifest), jar.getFileName().toString(), bytes.length, Sha256.hex(bytes), signature.keyId());
    } catch (MalformedArchive e) {
      throw new Failure(Failure.CHECK, jar + " would be taken by no node: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.CHECK, jar + ": " + e.getMessage(), e);
    }
  }
}
