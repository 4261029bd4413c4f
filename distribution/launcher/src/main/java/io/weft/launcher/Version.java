package io.weft.launcher;

import io.weft.support.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code weft version}. */
final class Version {

  private Version() {}

  static int print(Dist dist, List<String> words, PrintStream out) throws Failure {
    for (String word : words) {
      if (!List.of("--verbose", "--json").contains(word)) {
        throw Failure.usage("weft version does not know '" + word + "'; see weft version --help");
      }
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("weft", dist.version());
    facts.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ") at " + System.getProperty("java.home"));
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
    facts.put("installed", dist.dir().toString());
    if (words.contains("--verbose")) {
      facts.put("bundles", jars(dist));
    }
    if (words.contains("--json")) {
      out.println(Json.lines(facts));
      return 0;
    }
    out.println("weft " + dist.version());
    if (words.contains("--verbose")) {
      out.println("java " + facts.get("java"));
      out.println("os " + facts.get("os"));
      out.println("installed at " + facts.get("installed"));
      jars(dist).forEach(name -> out.println("bundle " + name));
    }
    return 0;
  }

  private static List<String> jars(Dist dist) throws Failure {
    try (Stream<Path> found = Files.walk(dist.bundles())) {
      return found.map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".jar"))
          .map(name -> name.substring(0, name.length() - ".jar".length())).sorted().toList();
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "this installation is not whole: " + e.getMessage() + "; unpack it again", e);
    }
  }
}
