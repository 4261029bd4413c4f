package io.weft.node.core.cli;

import io.weft.node.core.config.ConfigSchema;
import io.weft.node.core.config.JarSchemas;
import io.weft.node.core.config.SectionSchema;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code weft plugin reference}: the configuration of one plugin as Markdown, for its README. */
public final class PluginReferenceCli {

  private static final String BEGIN = "<!-- configuration: weft plugin reference -->";
  private static final String END = "<!-- end of configuration -->";

  private PluginReferenceCli() {}

  /**
   * @param args {@code JAR [--into FILE]}
   * @return the exit code
   */
  public static int run(String[] args, Path home, Path configFile, Path bundlesDir, PrintStream out, PrintStream err) {
    boolean into = args.length == 3 && args[1].equals("--into");
    if (args.length != 1 && !into) {
      err.println("weft plugin reference: expected JAR, or JAR --into FILE; see weft plugin --help");
      return 2;
    }
    Path jar = Path.of(args[0]);
    List<String> problems = new ArrayList<>();
    if (!Files.isRegularFile(jar)) {
      problems.add(jar + ": is not a file");
    }
    String text = text(JarSchemas.read(List.of(jar), problems::add));
    if (!problems.isEmpty()) {
      problems.forEach(problem -> err.println("weft plugin reference: " + problem));
      return 3;
    }
    if (!into) {
      out.print(text);
      return 0;
    }
    return replace(Path.of(args[2]), text, out, err);
  }

  private static String text(List<SectionSchema> sections) {
    StringBuilder text = new StringBuilder();
    for (SectionSchema section : sections) {
      text.append("Section `").append(ConfigSchema.key(section.pid())).append("` of weft.yaml. ").append(ConfigReference.body(section));
    }
    return sections.isEmpty() ? "It has no configuration.\n" : text.toString();
  }

  private static int replace(Path file, String text, PrintStream out, PrintStream err) {
    try {
      String before = Files.readString(file);
      int begin = before.indexOf(BEGIN);
      int end = before.indexOf(END);
      if (begin < 0 || end < begin) {
        err.println("weft plugin reference: " + file + " has no place for it; add these two lines: " + BEGIN + " and " + END);
        return 3;
      }
      String after = before.substring(0, begin) + BEGIN + "\n" + text + before.substring(end);
      if (!after.equals(before)) {
        Files.writeString(file, after);
      }
      out.println(file + (after.equals(before) ? " is up to date" : " is rewritten"));
      return 0;
    } catch (IOException e) {
      err.println("weft plugin reference: " + file + " cannot be read or written: " + e.getMessage());
      return 3;
    }
  }
}
