package io.weft.shell.frame;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --help} of a command. */
final class Help {

  private static final int LINE_MIN = 20;
  private static final int LINE_MAX = 100;

  private Help() {}

  static void print(Spec spec, Output out) {
    out.line(Cell.bold(spec.words()), " - ", spec.summary());
    if (!spec.description().isEmpty()) {
      out.line();
      Text.wrap(spec.description(), width(out)).forEach(out::line);
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
    String indent = " ".repeat(widest + 4);
    rows.forEach((left, right) -> {
      String lead = "  " + left + " ".repeat(widest - left.length() + 2);
      List<String> lines = Text.wrap(right, Math.max(LINE_MIN, width(out) - widest - 4));
      for (int i = 0; i < lines.size(); i++) {
        out.line(i == 0 ? lead : indent, lines.get(i));
      }
    });
  }

  private static int width(Output out) {
    return Math.max(LINE_MIN, Math.min(LINE_MAX, out.width()));
  }
}
