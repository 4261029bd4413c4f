package io.weft.launcher.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON, with the comments that feature files may have, into maps, lists, strings, longs, doubles and booleans; and writes it.
 * Here because a launcher should not need a library, and a start should not wait for one.
 */
public final class Json {

  /** Not JSON; the message says where. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  private static final int DEPTH_MAX = 64;

  private final String text;
  private int at;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  public static Object parse(String text) throws Malformed {
    Json json = new Json(text);
    Object value = json.value();
    json.skipSpace();
    if (json.at < text.length()) {
      throw json.malformed("something after the end");
    }
    return value;
  }

  /** A top-level object, which is what all of ours are. */
  @SuppressWarnings("unchecked") // value() makes no other maps
  public static Map<String, Object> parseObject(String text) throws Malformed {
    if (parse(text) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new Malformed("not a JSON object");
  }

  /** Compact, keys in the map's own order; what is not a map, collection, number, boolean or null becomes a string. */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        quote(entry.getKey().toString(), out);
        out.append(':');
        write(entry.getValue(), out);
        separator = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Iterable<?> items) {
      out.append('[');
      String separator = "";
      for (Object item : items) {
        out.append(separator);
        write(item, out);
        separator = ",";
      }
      out.append(']');
    } else if (value == null || value instanceof Boolean || value instanceof Number) {
      out.append(value);
    } else {
      quote(value.toString(), out);
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private Malformed malformed(String what) {
    int line = 1 + (int) text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
    return new Malformed(what + " in line " + line);
  }

  private void skipSpace() throws Malformed {
    while (at < text.length()) {
      if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw malformed("a comment without an end");
        }
        at = end + 2;
      } else if (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      } else {
        return;
      }
    }
  }

  private char peek() throws Malformed {
    skipSpace();
    if (at >= text.length()) {
      throw malformed("an early end");
    }
    return text.charAt(at);
  }

  private void expect(char wanted) throws Malformed {
    if (peek() != wanted) {
      throw malformed("no '" + wanted + "'");
    }
    at++;
  }

  private Object value() throws Malformed {
    if (++depth > DEPTH_MAX) {
      throw malformed("nesting deeper than " + DEPTH_MAX);
    }
    char c = peek();
    Object value = switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      default -> literal();
    };
    depth--;
    return value;
  }

  private Map<String, Object> object() throws Malformed {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    if (peek() == '}') {
      at++;
      return map;
    }
    do {
      if (peek() != '"') {
        throw malformed("no key");
      }
      String key = string();
      expect(':');
      if (map.containsKey(key)) {
        throw malformed("key '" + key + "' twice");
      }
      map.put(key, value());
    } while (more('}'));
    return map;
  }

  private List<Object> array() throws Malformed {
    List<Object> list = new ArrayList<>();
    at++;
    if (peek() == ']') {
      at++;
      return list;
    }
    do {
      list.add(value());
    } while (more(']'));
    return list;
  }

  private boolean more(char end) throws Malformed {
    char c = peek();
    at++;
    if (c != ',' && c != end) {
      throw malformed("no ',' or '" + end + "'");
    }
    return c == ',';
  }

  private String string() throws Malformed {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      char c = next();
      if (c == '"') {
        return out.toString();
      }
      if (c < 0x20) {
        throw malformed("a control character in a string");
      }
      out.append(c == '\\' ? escaped() : c);
    }
  }

  private char next() throws Malformed {
    if (at >= text.length()) {
      throw malformed("a string without an end");
    }
    return text.charAt(at++);
  }

  private char escaped() throws Malformed {
    char c = next();
    switch (c) {
      case '"', '\\', '/':
        return c;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next(), 16);
          if (digit < 0) {
            throw malformed("a bad \\u escape");
          }
          code = code << 4 | digit;
        }
        return (char) code;
      default:
        throw malformed("a bad escape");
    }
  }

  private Object literal() throws Malformed {
    int from = at;
    while (at < text.length() && "+-.0123456789abcdefghijklmnopqrstuvwxyzE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String word = text.substring(from, at);
    switch (word) {
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      default:
        break;
    }
    if (!word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?") || word.length() > 40) {
      throw malformed(word.isEmpty() ? "no value" : "a bad value");
    }
    try {
      return Long.valueOf(word);
    } catch (NumberFormatException notAnInteger) {
      return Double.valueOf(word);
    }
  }
}
