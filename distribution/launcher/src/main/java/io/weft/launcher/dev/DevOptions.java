package io.weft.launcher.dev;

import io.weft.launcher.Failure;
import java.nio.file.Path;
import java.util.List;

/**
 * What was typed after {@code weft dev}.
 *
 * @param port UDP port of the first node; the second has the next one
 */
record DevOptions(Path project, int nodes, int port) {

  static DevOptions parse(List<String> words) throws Failure {
    Path project = Path.of("");
    int nodes = 2;
    int port = 17450;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!List.of("--dir", "--nodes", "--port").contains(word)) {
        throw Failure.usage("weft dev does not know '" + word + "'; see weft dev --help");
      }
      if (i + 1 == words.size()) {
        throw Failure.usage(word + " needs a value; see weft dev --help");
      }
      String value = words.get(++i);
      switch (word) {
        case "--dir" -> project = Path.of(value);
        case "--nodes" -> nodes = number(word, value, 1, 2);
        default -> port = number(word, value, 1, 65_534);
      }
    }
    return new DevOptions(project.toAbsolutePath().normalize(), nodes, port);
  }

  private static int number(String word, String value, int least, int most) throws Failure {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, as for a number out of range
    }
    throw Failure.usage(word + " needs a number from " + least + " to " + most + ", not '" + value + "'; see weft dev --help");
  }
}
