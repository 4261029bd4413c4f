package io.weft.shell.frame;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code --help} of a command. */
final class Help {

  private Help() {}

  static void print(Spec spec, Output out) {
    out.line(Cell.bold(spec.words()), " - ", spec.summary());
    if (!spec.description().isEmpty()) {
      out.line();
      spec.description().lines().forEach(out::line);
    }
    out.line();
    out.line(Cell.bold("Usage: "), "weft ", spec.usage());
    if (!spec.arguments().isEmpty()) {
      Map<String, String> rows = new LinkedHashMap<>();
      spec.arguments().forEach(a -> rows.put(a.name(), a.description()));
      section("Arguments", rows, out);
    }
    Map<String, String> rows = new LinkedHashMap<>();
    spec.options().forEach(o -> rows.put(o.name() + (o.value() == null ? "" : " " + o.value()), o.description()));
    section("Options", rows, out);
    Map<String, String> examples = new LinkedHashMap<>();
    spec.examples().forEach(e -> examples.put(e.line(), e.says()));
    section("Examples", examples, out);
  }

  private static void section(String heading, Map<String, String> rows, Output out) {
    out.line();
    out.line(Cell.bold(heading));
    int widest = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    rows.forEach((left, right) -> out.line("  ", left, " ".repeat(widest - left.length() + 2), right));
  }
}
