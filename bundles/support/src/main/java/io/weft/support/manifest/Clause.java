package io.weft.support.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One part of a manifest header such as Import-Package: {@code path;path;name=value;name:=value}.
 *
 * @param words attributes, and directives with a colon at the end of the name
 */
public record Clause(List<String> paths, Map<String, String> words) {

  /** The clauses of a header; none if it is absent. */
  public static List<Clause> parse(String header) {
    List<Clause> clauses = new ArrayList<>();
    for (String clause : split(header == null ? "" : header, ',')) {
      List<String> paths = new ArrayList<>();
      Map<String, String> words = new LinkedHashMap<>();
      for (String part : split(clause, ';')) {
        int equals = part.indexOf('=');
        if (equals < 0) {
          paths.add(part);
        } else {
          words.put(part.substring(0, equals).strip(), unquoted(part.substring(equals + 1).strip()));
        }
      }
      clauses.add(new Clause(paths, words));
    }
    return clauses;
  }

  public String get(String name, String otherwise) {
    return words.getOrDefault(name, otherwise);
  }

  /** As {@link #get}; the type that may follow the name of an attribute, as in {@code objectClass:List<String>}, does not matter. */
  public String ofAnyType(String name, String otherwise) {
    return words.entrySet().stream().filter(e -> e.getKey().equals(name) || e.getKey().startsWith(name + ":"))
        .map(Map.Entry::getValue).findFirst().orElse(otherwise);
  }

  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == at && !quoted) {
        add(parts, text.substring(start, i));
        start = i + 1;
      }
    }
    add(parts, text.substring(start));
    return parts;
  }

  private static void add(List<String> parts, String part) {
    if (!part.isBlank()) {
      parts.add(part.strip());
    }
  }

  private static String unquoted(String text) {
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"") ? text.substring(1, text.length() - 1) : text;
  }
}
