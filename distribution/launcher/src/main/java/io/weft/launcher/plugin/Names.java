package io.weft.launcher.plugin;

import io.weft.launcher.Failure;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * What a plugin is called, in every place where it has a name. A template is a working plugin: making another one of it is saying the
 * other names.
 *
 * @param name of the project, the component, its section in weft.yaml and whatever it provides
 * @param group of Maven
 * @param pack the package
 */
record Names(String name, String group, String pack) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int NAME_MAX = 31;
  private static final String GROUP = "org.example";

  static Names of(String name, String group, String pack) throws Failure {
    if (!NAME.matcher(name).matches() || name.length() < 2 || name.length() > NAME_MAX) {
      throw Failure.usage("a name is 2 to " + NAME_MAX + " of a-z, 0-9 and single dashes between, and begins with a letter: "
          + "acme-peers, not '" + printable(name) + "'");
    }
    String given = group.isEmpty() ? GROUP : group;
    String full = pack.isEmpty() ? given + "." + name.replace("-", "") : pack;
    for (String dotted : List.of(given, full)) {
      if (!SourceVersion.isName(dotted) || !dotted.matches("[a-z][a-z0-9_.]*")) {
        throw Failure.usage("'" + printable(dotted) + "' is no name of a package; choose another with --package or --group");
      }
      if (dotted.equals("io.weft") || dotted.startsWith("io.weft.")) {
        throw Failure.usage("packages io.weft are those of the product; choose your own with --package and --group");
      }
    }
    return new Names(name, given, full);
  }

  /** Of the sample of that name. */
  static Names sample(String name) {
    return new Names(name, GROUP, GROUP + "." + name.replace("-", ""));
  }

  /** The beginning of its class names. */
  String stem() {
    return Arrays.stream(name.split("-")).map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** The text, or the path of a file, with these names in the place of the sample's. */
  String in(String text, Names sample) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put(sample.pack, pack);
    words.put(sample.pack.replace('.', '/'), pack.replace('.', '/'));
    words.put("<groupId>" + sample.group + "</groupId>", "<groupId>" + group + "</groupId>");
    words.put(sample.stem(), stem());
    words.put(sample.name, name);
    // In one pass, so that no new name is taken for an old one.
    Pattern any = Pattern.compile(words.keySet().stream().sorted(Comparator.comparing(String::length).reversed())
        .map(Pattern::quote).collect(Collectors.joining("|")));
    return any.matcher(text).replaceAll(found -> Matcher.quoteReplacement(words.get(found.group())));
  }

  static String printable(String text) {
    return printable(text, 80);
  }

  static String printable(String text, int most) {
    String cut = text.length() > most ? text.substring(0, most) + "..." : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
