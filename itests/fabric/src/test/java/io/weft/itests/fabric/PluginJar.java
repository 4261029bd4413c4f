package io.weft.itests.fabric;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes jars of plugins. */
final class PluginJar {

  private PluginJar() {}

  /**
   * One without code.
   *
   * @param headers names and values
   */
  static Path of(Path jar, String name, String version, String... headers) throws IOException {
    return of(jar, name, version, null, headers);
  }

  /** One whose only class is its activator. */
  static Path of(Path jar, String name, String version, Class<?> activator, String... headers) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    if (activator != null) {
      main.putValue("Bundle-Activator", activator.getName());
      main.putValue("Import-Package", "org.osgi.framework");
    }
    for (int i = 0; i < headers.length; i += 2) {
      main.putValue(headers[i], headers[i + 1]);
    }
    Files.createDirectories(jar.getParent());
    Path next = jar.resolveSibling(jar.getFileName() + ".next");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(next), manifest)) {
      if (activator != null) {
        String path = activator.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(path));
        try (InputStream in = PluginJar.class.getClassLoader().getResourceAsStream(path)) {
          in.transferTo(out);
        }
      }
    }
    return Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
