package io.weft.launcher.plugin;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.support.Json;
import io.weft.support.plugin.MalformedArchive;
import io.weft.support.plugin.PluginArchive;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** {@code weft plugin validate}: would a node take this jar, and would an operator be glad of it. Runs nothing of it. */
final class ValidatePlugin {

  private static final long BYTES_MAX = PluginArchive.BYTES_MAX;
  private static final long BYTES_MANY = 8L * 1024 * 1024;
  private static final int ENTRIES_MAX = PluginArchive.ENTRIES_MAX;
  private static final List<String> RESERVED = List.of("java/", "org/osgi/", "org/slf4j/", "org/apache/felix/", "io/netty/");

  private ValidatePlugin() {}

  static int run(Dist dist, List<String> words, PrintStream out) throws Failure {
    List<String> plain = new ArrayList<>(words);
    boolean json = plain.remove("--json");
    if (plain.size() != 1 || plain.get(0).startsWith("-")) {
      throw Failure.usage("weft plugin validate needs one JAR; see weft plugin --help");
    }
    Path path = Path.of(plain.get(0));
    if (!Files.isRegularFile(path)) {
      throw new Failure(Failure.PRECONDITION, path + " is not a file; build it first: mvn package");
    }
    Findings findings = new Findings();
    String summary = "";
    try (JarFile jar = new JarFile(path.toFile(), false)) {
      Exports exports = Exports.of(dist);
      content(path, jar, exports, findings);
      if (jar.getManifest() == null) {
        findings.error("META-INF/MANIFEST.MF", "there is none", "build it with the SDK's parent, io.weft.sdk.parent");
      } else {
        ManifestChecks manifest = new ManifestChecks(jar.getManifest().getMainAttributes(), exports, findings);
        manifest.run();
        new ConfigChecks(jar, findings).run();
        summary = path.getFileName() + " is good: " + manifest.symbolicName() + " " + manifest.header("Bundle-Version") + " provides "
            + String.join(", ", manifest.provided()) + "; " + (Files.size(path) + 1023) / 1024 + " KiB";
      }
    } catch (IOException e) {
      findings.error(path.getFileName().toString(), "it cannot be read as a jar: " + e.getMessage(), "build it again");
    }
    print(path, findings, summary, json, out);
    return findings.good() ? 0 : Failure.CHECK;
  }

  private static void content(Path path, JarFile jar, Exports exports, Findings findings) throws IOException {
    long size = Files.size(path);
    if (size > BYTES_MAX || jar.size() > ENTRIES_MAX) {
      findings.error("size", "it has more than " + BYTES_MAX + " bytes or " + ENTRIES_MAX + " files", "leave out what is not needed");
    } else if (size > BYTES_MANY) {
      findings.warning("size", "it has " + size / 1024 / 1024 + " MiB, which every node has to fetch", "leave out what is not needed");
    }
    Set<String> seen = new HashSet<>();
    for (JarEntry entry : jar.stream().limit(ENTRIES_MAX).toList()) {
      String name = entry.getName();
      if (!seen.add(name)) {
        findings.error(name, "it is there twice", "build the jar again from scratch");
      }
      if (name.startsWith("/") || name.contains("\\") || List.of(name.split("/")).contains("..")) {
        findings.error(name, "its name leads out of the jar", "build the jar with bnd");
      }
      if (name.endsWith(".class")) {
        reserved(name, exports, findings);
      }
    }
    if (findings.good()) {
      archive(path, findings);
    }
  }

  /** What every node looks at before it looks at anything else. */
  private static void archive(Path path, Findings findings) throws IOException {
    try {
      PluginArchive.read(Files.readAllBytes(path));
    } catch (MalformedArchive e) {
      findings.error(path.getFileName().toString(), "no node takes this jar: " + e.getMessage(), "build it again with bnd");
    }
  }

  private static void reserved(String name, Exports exports, Findings findings) {
    String folder = name.substring(0, Math.max(0, name.lastIndexOf('/')));
    boolean ours = folder.startsWith("io/weft/") && !folder.equals("io/weft/support") && !folder.startsWith("io/weft/support/");
    boolean reserved = RESERVED.stream().anyMatch(name::startsWith) && exports.has(folder.replace('/', '.'));
    if (ours || reserved) {
      findings.error(folder, "a copy of a package that the node provides is in the jar, and is not the same to Java",
          "make the dependency <scope>provided</scope>, and import the package");
    }
  }

  private static void print(Path path, Findings findings, String summary, boolean json, PrintStream out) {
    if (json) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("file", path.toString());
      map.put("good", findings.good());
      map.put("findings", findings.json());
      out.println(Json.lines(map));
      return;
    }
    findings.lines().forEach(out::println);
    if (findings.good()) {
      out.println(summary);
    }
  }
}
