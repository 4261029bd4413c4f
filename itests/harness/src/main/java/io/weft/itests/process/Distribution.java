package io.weft.itests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The unpacked distribution that the build made: exactly what ships. */
public final class Distribution {

  private Distribution() {}

  /** The top of the source tree; from the system property {@code weft.root}. */
  public static Path root() {
    return Path.of(System.getProperty("weft.root", ".")).toAbsolutePath().normalize();
  }

  public static Path home() {
    Path home = root().resolve("distribution/assembly/target/weft");
    if (!Files.isDirectory(home)) {
      throw new AssertionError(home + " is not there: build the distribution first (mvn -DskipTests package)");
    }
    return home;
  }

  /** {@code bin/weft}. */
  public static Path weft() {
    return home().resolve("bin/weft");
  }

  /** The jar of {@code itests/NAME}, a plugin that is not part of it. */
  public static Path testPlugin(String name) throws IOException {
    Path target = root().resolve("itests/" + name + "/target");
    try (Stream<Path> jars = Files.list(target)) {
      return jars.filter(jar -> jar.toString().endsWith(".jar")).findFirst()
          .orElseThrow(() -> new AssertionError("no plugin in " + target + ": build it first (mvn -DskipTests package)"));
    }
  }
}
