package io.weft.installer;

import io.weft.plugin.PluginRefused;
import io.weft.support.manifest.Clause;
import io.weft.support.wiring.Need;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a jar says of itself, without installing it.
 *
 * @param trust one line on who vouches for it
 * @param from where it comes from
 * @param fragmentHost symbolic name of the bundle it would become a part of, or empty
 * @param provides clauses of what it provides: packages and other capabilities
 * @param services types that it will register
 * @param settings keys of its configuration, by PID
 */
record JarFacts(
    Path jar,
    String name,
    String version,
    String sha256,
    String trust,
    Provenance from,
    String fragmentHost,
    List<Need> needs,
    Provided provides,
    List<String> services,
    Map<String, List<ConfigKeys.Key>> settings) {

  /**
   * Reads the manifest and the descriptions of its configuration, of a jar that keeps the rules of archives.
   *
   * @param trust one line on who vouches for it
   */
  static JarFacts read(Path file, Provenance from, String trust) throws PluginRefused {
    String source = from.typed();
    try (JarFile jar = new JarFile(file.toFile(), false)) {
      Manifest manifest = jar.getManifest();
      Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
      List<Clause> name = Clause.parse(main.getValue(Constants.BUNDLE_SYMBOLICNAME));
      if (name.isEmpty() || name.get(0).paths().isEmpty()) {
        throw new PluginRefused(source + " is not an OSGi bundle: its manifest has no Bundle-SymbolicName");
      }
      List<Clause> host = Clause.parse(main.getValue(Constants.FRAGMENT_HOST));
      Version version = Version.parseVersion(main.getValue(Constants.BUNDLE_VERSION));
      Provided provides = Provided.of(name.get(0).paths().get(0), version, main);
      return new JarFacts(file, name.get(0).paths().get(0), version.toString(), hash(file), trust, from,
          host.isEmpty() ? "" : host.get(0).paths().get(0), Needs.of(main), provides, provides.services(), settings(jar));
    } catch (ZipException e) {
      throw new PluginRefused(source + " is not a jar: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new PluginRefused("cannot read " + source + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new PluginRefused(source + " has a manifest that makes no sense: " + e.getMessage(), e);
    }
  }

  private static Map<String, List<ConfigKeys.Key>> settings(JarFile jar) throws IOException {
    Map<String, List<ConfigKeys.Key>> settings = new TreeMap<>();
    for (JarEntry entry : Collections.list(jar.entries())) {
      if (entry.getName().startsWith(ConfigKeys.FOLDER + "/") && entry.getName().endsWith(".xml")) {
        try (InputStream in = jar.getInputStream(entry)) {
          ConfigKeys.read(in).forEach((pid, keys) -> settings.computeIfAbsent(pid, p -> new ArrayList<>()).addAll(keys));
        }
      }
    }
    return settings;
  }

  /** Nobody named it. */
  JarFacts neededBy(String plugin) {
    return new JarFacts(jar, name, version, sha256, trust, from.neededBy(plugin), fragmentHost, needs, provides, services, settings);
  }

  static String hash(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(new BufferedInputStream(Files.newInputStream(file)), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
