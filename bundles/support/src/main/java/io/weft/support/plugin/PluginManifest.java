package io.weft.support.plugin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a jar says it is, and whether it would take the place of what the node provides. */
public record PluginManifest(PluginArchive archive) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  /** Packages that only the node provides; a plugin that exported one could stand in for it. */
  private static final List<String> PACKAGES = List.of("java", "io.weft", "org.osgi", "org.slf4j", "ch.qos.logback",
      "org.apache.felix", "io.netty", "sun", "jdk");
  private static final List<String> FRAMEWORK = List.of("system.bundle", "org.apache.felix.framework");
  private static final int NAME_MAX = 200;

  /** Empty if there is none or it is not a good one. */
  public String symbolicName() {
    String name = first(header("Bundle-SymbolicName"));
    return name.length() <= NAME_MAX && NAME.matcher(name).matches() ? name : "";
  }

  /** As written, made printable. */
  public String version() {
    String version = header("Bundle-Version");
    return version.isEmpty() ? "0.0.0" : MalformedArchive.printable(version);
  }

  /**
   * The rule that it breaks, in a few words that go on after "it"; empty if it keeps them.
   *
   * @param ours symbolic names of the bundles of the node
   */
  public Optional<String> reserved(Set<String> ours) {
    String name = symbolicName();
    if (TrustedKey.isProduct(name) || ours.contains(name)) {
      return Optional.of("has the name of a part of the node, " + name);
    }
    String host = first(header("Fragment-Host"));
    if (!header("Fragment-Host").isEmpty() && (FRAMEWORK.contains(host) || TrustedKey.isProduct(host) || ours.contains(host)
        || header("Fragment-Host").contains("extension"))) {
      return Optional.of("is a fragment of " + MalformedArchive.printable(host) + ", which is a part of the node");
    }
    for (String clause : clauses(header("Require-Bundle"))) {
      String required = first(clause);
      if (FRAMEWORK.contains(required) || TrustedKey.isProduct(required)) {
        return Optional.of("requires the bundle " + MalformedArchive.printable(required) + "; import packages instead");
      }
    }
    for (String clause : clauses(header("DynamicImport-Package"))) {
      for (String path : paths(clause)) {
        if (path.equals("*") || path.endsWith(".*") && PACKAGES.stream().anyMatch(p -> (p + ".").startsWith(path.replace("*", "")))) {
          return Optional.of("imports whatever there is (DynamicImport-Package: " + MalformedArchive.printable(path) + ")");
        }
      }
    }
    for (String clause : clauses(header("Export-Package"))) {
      for (String path : paths(clause)) {
        if (isReserved(path)) {
          return Optional.of("exports the package " + MalformedArchive.printable(path) + ", which only the node provides");
        }
      }
    }
    return archive.names().stream().filter(PluginManifest::isReservedClass).findFirst()
        .map(file -> "has a copy of a class of the node, " + MalformedArchive.printable(file));
  }

  private static boolean isReserved(String path) {
    return PACKAGES.stream().anyMatch(p -> path.equals(p) || path.startsWith(p + "."));
  }

  /** Helpers of ours are meant to be copied in; anything else of ours, or of Java, would be another class of the same name. */
  private static boolean isReservedClass(String file) {
    String path = file.replaceFirst("^META-INF/versions/\\d+/", "");
    return path.endsWith(".class") && (path.startsWith("java/") || path.startsWith("io/weft/") && !path.startsWith("io/weft/support/"));
  }

  public String header(String name) {
    String value = archive.manifest().getValue(name);
    return value == null ? "" : value.strip();
  }

  /** The clauses of a header, split at commas outside of quotes. */
  public static List<String> clauses(String header) {
    return split(header, ',');
  }

  private static List<String> paths(String clause) {
    return split(clause, ';').stream().filter(part -> part.indexOf('=') < 0).toList();
  }

  private static String first(String header) {
    List<String> parts = split(header, ';');
    return parts.isEmpty() ? "" : parts.get(0);
  }

  private static List<String> split(String text, char at) {
    List<String> parts = new java.util.ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == at && !quoted) {
        String part = text.substring(start, i).strip();
        if (!part.isEmpty()) {
          parts.add(part);
        }
        start = i + 1;
      } else if (text.charAt(i) == '"') {
        quoted = !quoted;
      }
    }
    return parts;
  }
}
