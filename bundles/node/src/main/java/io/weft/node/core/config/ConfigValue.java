package io.weft.node.core.config;

import io.weft.node.Setting;
import java.lang.reflect.Array;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One value in force.
 *
 * @param path as in the file: {@code peers[1].name}
 * @param value a String, Boolean, Integer, Long or Double, or a list of one of them
 * @param origin {@code file:line}, {@code environment NAME} or {@code default}
 * @param line where it is written; 0 for a default
 */
public record ConfigValue(KeySchema schema, String path, Object value, String origin, int line) {

  /** Where values come from that nobody wrote. */
  public static final String DEFAULT = "default";

  boolean written() {
    return line > 0;
  }

  /** As it would be written in the file. */
  public String text() {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"))
        : value.toString();
  }

  public Setting setting() {
    return new Setting(path, text(), origin, schema.applies());
  }

  /** As Configuration Admin takes it: lists as arrays of their type. */
  Object property() {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    Class<?> type =
        switch (schema.type()) {
          case BOOLEAN -> Boolean.class;
          case INTEGER -> Integer.class;
          case LONG -> Long.class;
          case DOUBLE -> Double.class;
          case TEXT, SECRET -> String.class;
        };
    Object array = Array.newInstance(type, list.size());
    for (int i = 0; i < list.size(); i++) {
      Array.set(array, i, list.get(i));
    }
    return array;
  }
}
