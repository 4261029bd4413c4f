package io.weft.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.frame.Command;
import io.weft.shell.frame.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reference/commands.md} says what the commands say of themselves, with the JSON that {@link GoldenJsonTest} guards.
 * {@code -Dreference.write=true} writes it anew.
 */
class ReferenceTest {

  private static final Path PAGE = Path.of("../../docs/reference/commands.md");

  @Test
  void isUpToDate() throws IOException {
    String page = page();
    if (Boolean.getBoolean("reference.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("run: mvn -pl bundles/shell -am test -Dtest=ReferenceTest -Dreference.write=true").content()
        .isEqualTo(page);
  }

  private static String page() throws IOException {
    Map<String, TreeMap<String, Spec>> scopes = new TreeMap<>();
    for (Command command : new Rig().commands().values()) {
      scopes.computeIfAbsent(command.spec().scope(), s -> new TreeMap<>()).put(command.spec().function(), command.spec());
    }
    StringBuilder out = new StringBuilder("""
        # Commands

        Generated from the commands themselves; do not edit. `weft link list` on the command line of the system, `link list` or
        `link:list` in `weft shell`. Every command has `--help` and `--json`. In JSON, members may be added later, but are neither
        renamed nor removed.

        Exit codes: 0 ok, 1 a check failed or something went wrong, 2 usage, 3 something must be done first, 4 not allowed,
        130 cancelled. What cannot be undone, or reaches other nodes, is a dry run unless `--yes`.

        | command | what it does |
        |---|---|
        """);
    scopes.values().forEach(s -> s.values().forEach(c ->
        out.append("| [`").append(c.words()).append("`](#").append(c.words().replace(' ', '-')).append(") | ").append(c.summary())
            .append(" |\n")));
    for (TreeMap<String, Spec> specs : scopes.values()) {
      for (Spec spec : specs.values()) {
        section(out, spec);
      }
    }
    return out.toString();
  }

  private static void section(StringBuilder out, Spec spec) throws IOException {
    out.append("\n## ").append(spec.words()).append("\n\n").append(spec.summary()).append('.');
    if (!spec.description().isEmpty()) {
      out.append(' ').append(spec.description());
    }
    out.append("\n\n```\nweft ").append(spec.usage()).append("\n```\n");
    List<Spec.Option> options = spec.options().stream().filter(o -> !List.of(Spec.JSON, Spec.HELP).contains(o.name())).toList();
    if (!spec.arguments().isEmpty() || !options.isEmpty()) {
      out.append("\n| | |\n|---|---|\n");
      spec.arguments().forEach(a -> out.append("| `").append(a.name()).append("` | ").append(a.description()).append(" |\n"));
      options.forEach(o -> out.append("| `").append(o.name()).append(o.value() == null ? "" : " " + o.value()).append("` | ")
          .append(o.description()).append(" |\n"));
    }
    out.append("\n```sh\n");
    spec.examples().forEach(e -> out.append(e.line()).append("   # ").append(e.says()).append('\n'));
    out.append("```\n");
    Path golden = GoldenJsonTest.GOLDEN.resolve(spec.words().replace(' ', '-') + ".json");
    if (Files.exists(golden)) {
      out.append("\nWith `--json`, for example:\n\n```json\n").append(Files.readString(golden)).append("```\n");
    }
  }

  @Test
  void noGoldenFileIsLeftOver() throws IOException {
    TreeSet<String> expected = GoldenJsonTest.calls().map(c -> c.split(" ")).map(w -> new Rig().commands().containsKey("weft:"
        + w[0])
        ? w[0] : w[0] + "-" + w[1]).map(n -> n + ".json").collect(Collectors.toCollection(TreeSet::new));
    try (var files = Files.list(GoldenJsonTest.GOLDEN)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
