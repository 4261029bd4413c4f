package io.weft.node.core.cli;

import io.weft.node.core.config.ConfigSchema;
import io.weft.node.core.config.KeySchema;
import io.weft.node.core.config.SectionSchema;
import java.util.ArrayList;
import java.util.List;

/** The reference of {@code weft.yaml}, from what the bundles declare. */
public final class ConfigReference {

  private static final List<String> FIRST = List.of("", "peers", "expose", "forward");

  private static final String INTRODUCTION =
      """
      # Reference of weft.yaml
      Generated from the bundles; do not edit. `weft config explain` shows the values in force on a node, `weft config validate`
      checks a file, `weft config schema` prints a schema for editors.

      A key with dots may be written in one piece (`channels.max: 1`) or as maps in each other (`channels: {max: 1}`). Lists of
      `key=value` may be written as a map. `${env:NAME}` is the value of an environment variable; `${secret:scheme/name}`, or
      `secret:scheme/name` alone, refers to a secret and is only taken by keys of the type "a secret reference". `$${` is a plain
      `${`. *Applies* says when an edit of the running node's file takes effect; edits are noticed within a second or two, and a
      file with an error changes nothing.
      """;

  private ConfigReference() {}

  static String markdown(ConfigSchema schema) {
    StringBuilder out = new StringBuilder(INTRODUCTION);
    List<SectionSchema> sections = new ArrayList<>(schema.sections());
    sections.sort((a, b) -> order(a).compareTo(order(b)));
    for (SectionSchema section : sections) {
      String key = ConfigSchema.key(section.pid());
      out.append("\n## ").append(key.isEmpty() ? "fabric, node, identity" : key).append('\n').append(body(section));
    }
    return out.toString();
  }

  /** What the section is, and the table of its keys. */
  static String body(SectionSchema section) {
    StringBuilder out = new StringBuilder();
    out.append(escaped(section.description())).append(section.description().isEmpty() ? "" : " ");
    out.append(section.factory() ? "A list; one configuration per entry, of PID `" : "PID `").append(section.pid())
        .append("`.\n\n");
    out.append("| key | type | default | meaning | applies |\n|---|---|---|---|---|\n");
    section.keys().values().forEach(k -> row(out, k));
    return out.toString();
  }

  private static String order(SectionSchema section) {
    String key = ConfigSchema.key(section.pid());
    int first = FIRST.indexOf(key);
    return (first < 0 ? FIRST.size() : first) + key;
  }

  private static void row(StringBuilder out, KeySchema key) {
    String type = key.type().words();
    String range = key.min() != null && key.max() != null ? ", " + key.min() + " to " + key.max()
        : key.min() != null ? ", at least " + key.min() : key.max() != null ? ", at most " + key.max() : "";
    String options = key.options().isEmpty() ? "" : ": " + String.join(", ", key.options());
    String standard = key.required() ? "required" : key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
    out.append("| `").append(key.id()).append("` | ").append(key.many() ? "list of " : "")
        .append(escaped(type + range + options));
    out.append(" | ").append(escaped(standard)).append(" | ").append(escaped(key.description())).append(" | ")
        .append(key.applies()).append(" |\n");
  }

  /** With the sentence on when a change applies. */
  static String description(KeySchema key) {
    return (key.description() + " Applies " + key.applies() + ".").strip();
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
