package io.weft.launcher.plugin;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.support.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** {@code weft plugin compat}: which of the plugins in a home another version of Weft, or another API, would break. Runs nothing of them. */
final class PluginCompat {

  /** One plugin of the home. */
  private record Verdict(Path file, String name, String version, Findings findings) {

    Map<String, Object> json() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", name);
      map.put("version", version);
      map.put("file", file.toString());
      map.put("works", findings.good());
      map.put("findings", findings.json());
      return map;
    }
  }

  private PluginCompat() {}

  static int run(Dist dist, Home home, List<String> words, PrintStream out) throws Failure {
    List<String> plain = new ArrayList<>(words);
    boolean json = plain.remove("--json");
    if (plain.size() > 1 || !plain.isEmpty() && plain.get(0).startsWith("-")) {
      throw Failure.usage("weft plugin compat takes one folder of a distribution, or one jar of the API; see weft plugin --help");
    }
    try {
      Path next = plain.isEmpty() ? dist.dir() : Path.of(plain.get(0));
      Exports exports = exportsOf(dist, next);
      List<Path> jars = jars(home);
      for (Path jar : jars) {
        exports.add(manifest(jar).getValue("Export-Package")); // plugins may need each other
      }
      List<Verdict> verdicts = new ArrayList<>();
      for (Path jar : jars) {
        Attributes manifest = manifest(jar);
        Findings findings = new Findings();
        ManifestChecks checks = new ManifestChecks(manifest, exports, findings);
        checks.imports();
        verdicts.add(new Verdict(jar, checks.symbolicName(), checks.header("Bundle-Version"), findings));
      }
      print(verdicts, next, home, json, out);
      return verdicts.stream().allMatch(verdict -> verdict.findings().good()) ? 0 : Failure.CHECK;
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot read " + e.getMessage(), e);
    }
  }

  private static Exports exportsOf(Dist dist, Path next) throws IOException, Failure {
    if (Files.isDirectory(next.resolve("bundles"))) {
      return Exports.of(new Dist(next, ""));
    }
    if (!Files.isRegularFile(next)) {
      throw new Failure(Failure.PRECONDITION, next + " is neither the folder of a distribution, with bundles/ in it, nor a jar of the API");
    }
    Exports exports = Exports.of(dist);
    exports.replace(manifest(next).getValue("Export-Package"));
    return exports;
  }

  /** What is in the deploy folder, and what was installed. */
  private static List<Path> jars(Home home) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path folder : List.of(home.deploy(), home.data().resolve("installed"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
        }
      }
    }
    return jars;
  }

  private static Attributes manifest(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      Manifest manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    } catch (IOException e) {
      throw new IOException(jar + ": " + e.getMessage(), e);
    }
  }

  private static void print(List<Verdict> verdicts, Path next, Home home, boolean json, PrintStream out) {
    if (json) {
      out.println(Json.lines(Map.of("with", next.toString(), "plugins", verdicts.stream().map(Verdict::json).toList())));
      return;
    }
    if (verdicts.isEmpty()) {
      out.println("there is no plugin in " + home.dir());
    }
    for (Verdict verdict : verdicts) {
      out.println(Names.printable(verdict.name() + " " + verdict.version()) + (verdict.findings().good() ? " works" : " would break:"));
      verdict.findings().lines().forEach(line -> out.println("  " + line));
    }
  }
}
