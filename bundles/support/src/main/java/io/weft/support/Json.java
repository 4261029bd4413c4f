package io.weft.support;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) from maps, collections, strings, numbers, booleans and null; anything else by its {@code toString}.
 * The result is printable ASCII apart from letters beyond it, so that it is safe on a terminal too. {@link JsonReader} reads it
 * back.
 */
public final class Json {

  private static final int LINE_DEPTH = 2;

  private Json() {}

  /** On one line, without blanks. */
  public static String compact(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value, Integer.MAX_VALUE);
    return out.toString();
  }

  /**
   * One member or element per line down to the second level, what is deeper on the line of its parent; without a newline at the
   * end.
   */
  public static String lines(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value, 0);
    return out.toString();
  }

  private static void write(StringBuilder out, @Nullable Object value, int depth) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Map<?, ?> map) {
      writeMap(out, map, depth);
    } else if (value instanceof Collection<?> list) {
      writeList(out, list, depth);
    } else if (value instanceof Boolean || value instanceof Integer || value instanceof Long) {
      out.append(value);
    } else if (value instanceof Number number) {
      double d = number.doubleValue();
      out.append(Double.isFinite(d) ? number.toString() : "null");
    } else {
      quote(out, value.toString());
    }
  }

  private static void writeMap(StringBuilder out, Map<?, ?> map, int depth) {
    boolean broken = depth < 1 && !map.isEmpty();
    String separator = depth == Integer.MAX_VALUE ? "," : ", ";
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      separate(out, first, broken, separator, depth);
      first = false;
      quote(out, String.valueOf(entry.getKey()));
      out.append(depth == Integer.MAX_VALUE ? ":" : ": ");
      write(out, entry.getValue(), next(depth));
    }
    end(out, broken, depth, '}');
  }

  private static void writeList(StringBuilder out, Collection<?> list, int depth) {
    boolean broken = depth < LINE_DEPTH && list.stream().anyMatch(e -> e instanceof Map || e instanceof Collection);
    String separator = depth == Integer.MAX_VALUE ? "," : ", ";
    out.append('[');
    boolean first = true;
    for (Object element : list) {
      separate(out, first, broken, separator, depth);
      first = false;
      write(out, element, next(depth));
    }
    end(out, broken, depth, ']');
  }

  private static void separate(StringBuilder out, boolean first, boolean broken, String separator, int depth) {
    if (broken) {
      out.append(first ? "\n" : ",\n").append("  ".repeat(depth + 1));
    } else if (!first) {
      out.append(separator);
    }
  }

  private static void end(StringBuilder out, boolean broken, int depth, char bracket) {
    if (broken) {
      out.append('\n').append("  ".repeat(depth));
    }
    out.append(bracket);
  }

  private static int next(int depth) {
    return depth == Integer.MAX_VALUE ? depth : depth + 1;
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (mustEscape(text, i)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Control and formatting characters (they could rearrange a terminal line) and halves of surrogate pairs. */
  private static boolean mustEscape(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x20 || c >= 0x7f && c < 0xa0) {
      return true;
    }
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }
    int type = Character.getType(c);
    return type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
  }
}
