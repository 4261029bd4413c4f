package io.weft.node.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The schema of bundles in folders, without a framework. */
public final class JarSchemas {

  private static final int DEPTH_MAX = 12;
  private static final int JARS_MAX = 10_000;

  private JarSchemas() {}

  /** Reads jars, and all those in folders and below. What cannot be read is told to {@code problems} and left out. */
  public static List<SectionSchema> read(Collection<Path> folders, Consumer<String> problems) {
    List<SectionSchema> sections = new ArrayList<>();
    MetatypeReader reader = null;
    for (Path jar : jars(folders, problems)) {
      try (JarFile file = new JarFile(jar.toFile(), false)) {
        if (!hasComponents(file)) {
          continue;
        }
        for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
          JarEntry entry = entries.nextElement();
          String name = entry.getName();
          if (name.startsWith(MetatypeReader.FOLDER + "/") && name.endsWith(".xml")) {
            reader = reader == null ? new MetatypeReader() : reader;
            try (InputStream in = file.getInputStream(entry)) {
              sections.addAll(reader.read(jar.getFileName() + "!" + name, in));
            }
          }
        }
      } catch (IOException e) {
        problems.accept(jar + ": " + e.getMessage());
      }
    }
    return sections;
  }

  /** The same choice as in a framework: only components take configurations from the file. */
  private static boolean hasComponents(JarFile file) throws IOException {
    Manifest manifest = file.getManifest();
    return manifest != null && manifest.getMainAttributes().getValue("Service-Component") != null;
  }

  private static List<Path> jars(Collection<Path> folders, Consumer<String> problems) {
    List<Path> jars = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.exists(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(folder, DEPTH_MAX)) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().limit(JARS_MAX).forEach(jars::add);
      } catch (IOException | UncheckedIOException e) {
        problems.accept(folder + ": " + e.getMessage());
      }
    }
    return jars;
  }
}
