package io.weft.itests.arrows;

import aQute.bnd.header.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.osgi.framework.Constants;

/**
 * A jar that the build made, read whole.
 *
 * @param folder the name of its module's folder, such as {@code transport.quic}
 * @param xml the files below OSGI-INF, by path
 */
record BuiltJar(String folder, Attributes manifest, List<ClassRefs> classes, Map<String, byte[]> xml) {

  private static final Path ROOT = Path.of(System.getProperty("weft.root")).toAbsolutePath().normalize();

  /** All bundles, whether or not this module depends on them. A folder that was not built is an error. */
  static List<BuiltJar> bundles() {
    return modules("bundles").filter(dir -> !dir.endsWith("support")).map(BuiltJar::of).toList();
  }

  /** Modules below {@code parent}, a folder at the top. */
  static Stream<Path> modules(String parent) {
    try (Stream<Path> dirs = Files.list(ROOT.resolve(parent))) {
      return dirs.filter(dir -> Files.exists(dir.resolve("pom.xml"))).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BuiltJar of(String module) {
    return of(ROOT.resolve(module));
  }

  private static BuiltJar of(Path module) {
    String folder = module.getFileName().toString();
    try (Stream<Path> files = Files.list(module.resolve("target"))) {
      Path jar = files.filter(f -> f.getFileName().toString().matches("io\\.weft\\..*\\.jar"))
          .filter(f -> !f.getFileName().toString().matches(".*-(tests|sources|javadoc)\\.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no jar in " + module + "/target: build the whole reactor"));
      return read(folder, jar);
    } catch (IOException e) {
      throw new UncheckedIOException("read the jar of " + folder + ": build the whole reactor", e);
    }
  }

  /** Every class that the build compiled, tests included, of all modules. */
  static List<ClassRefs> everythingCompiled() {
    List<ClassRefs> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(f -> f.toString().matches(".*/target/(test-)?classes/io/weft/.*\\.class")).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          all.add(ClassRefs.read(in));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static BuiltJar read(String folder, Path path) throws IOException {
    List<ClassRefs> classes = new ArrayList<>();
    Map<String, byte[]> xml = new TreeMap<>();
    try (JarFile jar = new JarFile(path.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        try (InputStream in = jar.getInputStream(entry)) {
          if (entry.getName().endsWith(".class")) {
            classes.add(ClassRefs.read(in));
          } else if (entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml")) {
            xml.put(entry.getName(), in.readAllBytes());
          }
        }
      }
      return new BuiltJar(folder, jar.getManifest().getMainAttributes(), classes, xml);
    }
  }

  /** Package names in a header such as Import-Package; empty if it is not there. */
  Set<String> packagesIn(String header) {
    String value = manifest.getValue(header);
    return value == null ? Set.of() : new Parameters(value).keySet();
  }

  String symbolicName() {
    return manifest.getValue(Constants.BUNDLE_SYMBOLICNAME);
  }

  @Override
  public String toString() {
    return folder;
  }
}
