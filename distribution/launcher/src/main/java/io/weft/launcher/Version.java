package io.weft.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code weft version}. */
final class Version {

  private Version() {}

  static int print(Dist dist, List<String> words, PrintStream out) throws Failure {
    for (String word : words) {
      if (!word.equals("--verbose")) {
        throw Failure.usage("weft version does not know '" + word + "'; see weft version --help");
      }
    }
    out.println("weft " + dist.version());
    if (!words.isEmpty()) {
      out.println("java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ") at " + System.getProperty("java.home"));
      out.println("os " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
      out.println("installed at " + dist.dir());
      jars(dist).forEach(out::println);
    }
    return 0;
  }

  private static List<String> jars(Dist dist) throws Failure {
    try (Stream<Path> found = Files.walk(dist.bundles())) {
      return found.map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".jar"))
          .map(name -> "bundle " + name.substring(0, name.length() - ".jar".length())).sorted().toList();
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "this installation is not whole: " + e.getMessage() + "; unpack it again", e);
    }
  }
}
