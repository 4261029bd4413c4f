package io.weft.launcher.plugin;

import io.weft.launcher.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arguments and options of a command.
 *
 * @param options values by option; those that may come several times hold all
 */
record Words(List<String> arguments, Map<String, List<String>> options, boolean json) {

  /** @param known options that take a value, such as {@code --key} */
  static Words parse(List<String> words, Set<String> known) throws Failure {
    List<String> arguments = new ArrayList<>();
    Map<String, List<String>> options = new LinkedHashMap<>();
    boolean json = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (!word.startsWith("--")) {
        arguments.add(word);
      } else if (word.equals("--json")) {
        json = true;
      } else if (!known.contains(name)) {
        throw Failure.usage("unknown option '" + Names.printable(name) + "'; see weft plugin --help");
      } else if (equals < 0 && i + 1 == words.size()) {
        throw Failure.usage(name + " needs a value; see weft plugin --help");
      } else {
        options.computeIfAbsent(name, n -> new ArrayList<>()).add(equals < 0 ? words.get(++i) : word.substring(equals + 1));
      }
    }
    return new Words(arguments, options, json);
  }

  List<String> all(String option) {
    return options.getOrDefault(option, List.of());
  }

  String one(String option, String otherwise) throws Failure {
    List<String> values = all(option);
    if (values.size() > 1) {
      throw Failure.usage(option + " is given twice; see weft plugin --help");
    }
    return values.isEmpty() ? otherwise : values.get(0);
  }
}
