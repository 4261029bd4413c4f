package io.weft.store.postgres.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything that a schema consists of, as lines that are the same wherever the schema is the same, whatever it is called. Rows
 * do
 * not count, nor does our own table.
 */
record Shape(SortedSet<String> lines) {

  private static final int LINES_MAX = 20_000;
  private static final String QUERY = query();

  static Shape read(Connection connection, String schema) throws SQLException {
    SortedSet<String> lines = new TreeSet<>();
    // Definitions name a schema if it is not on the search path, so an empty one gives each the same form.
    List<String> before = Sql.texts(connection, 1, "SELECT current_setting('search_path')");
    Sql.texts(connection, 1, "SELECT set_config('search_path', '', false)");
    try {
      for (String line : Sql.texts(connection, LINES_MAX, QUERY, schema)) {
        lines.add(line.replaceAll("\\b" + schema + "\\.", "").replaceAll("\\b" + schema + "\\b", "SCHEMA"));
      }
    } finally {
      Sql.texts(connection, 1, "SELECT set_config('search_path', ?, false)", before.get(0));
    }
    return new Shape(lines);
  }

  /** What one has and the other has not: at most so many lines, for people. */
  List<String> differences(Shape expected, int most) {
    List<String> found = new java.util.ArrayList<>();
    expected.lines.stream().filter(line -> !lines.contains(line)).map(line -> "missing: " + line).forEach(found::add);
    lines.stream().filter(line -> !expected.lines.contains(line)).map(line -> "more: " + line).forEach(found::add);
    return found.size() <= most ? found : found.subList(0, most);
  }

  private static String query() {
    try (InputStream in = Shape.class.getResourceAsStream("shape.sql")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
