package io.weft.launcher.plugin;

import io.weft.launcher.Dist;
import io.weft.launcher.framework.SystemPackages;
import io.weft.support.manifest.Clause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** The packages that a node of this installation offers to plugins. */
final class Exports {

  private final Map<String, List<Version>> packages = new HashMap<>();
  private final Set<String> java = new HashSet<>();

  private Exports() {}

  static Exports of(Dist dist) throws IOException {
    Exports exports = new Exports();
    List<Path> jars = new ArrayList<>(List.of(dist.dir().resolve("lib/org.apache.felix.framework.jar")));
    try (Stream<Path> files = Files.walk(dist.bundles())) {
      files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
    }
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile(), false)) {
        exports.add(file.getManifest().getMainAttributes().getValue("Export-Package"));
      }
    }
    exports.add(SystemPackages.EXTRA);
    ModuleLayer.boot().modules().forEach(module -> module.getDescriptor().exports().stream()
        .filter(e -> !e.isQualified()).forEach(e -> exports.java.add(e.source())));
    return exports;
  }

  /** Other versions of what these export; what else there is stays. */
  void replace(String header) {
    Clause.parse(header).forEach(clause -> clause.paths().forEach(packages::remove));
    add(header);
  }

  void add(String header) {
    for (Clause clause : Clause.parse(header)) {
      Version version = Version.parseVersion(clause.get("version", "0"));
      clause.paths().forEach(path -> packages.computeIfAbsent(path, p -> new ArrayList<>()).add(version));
    }
  }

  boolean has(String name) {
    return packages.containsKey(name) || java.contains(name);
  }

  /** What there is of it, for people: "1.0.0". */
  String versions(String name) {
    return String.join(", ", packages.getOrDefault(name, List.of()).stream().map(Version::toString).distinct().toList());
  }

  boolean has(String name, VersionRange range) {
    return java.contains(name) && !packages.containsKey(name)
        || packages.getOrDefault(name, List.of()).stream().anyMatch(range::includes);
  }
}
