package io.weft.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Properties;

/** Where the product is installed, and which one it is. Read-only. */
public record Dist(Path dir, String version) {

  /** {@code bin/weft} says where; without it (tests, debuggers) the jar's own place does. */
  public static Dist locate() {
    String given = System.getProperty("weft.dist");
    return new Dist(given != null ? Path.of(given) : fromJar(), readVersion());
  }

  private static Path fromJar() {
    try {
      Path jar = Path.of(Dist.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.getParent().getParent();
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException("the place of the launcher's jar is not a path", e);
    }
  }

  private static String readVersion() {
    Properties properties = new Properties();
    try (InputStream in = Dist.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  public Path bundles() {
    return dir.resolve("bundles");
  }

  public Path features() {
    return dir.resolve("features");
  }
}
