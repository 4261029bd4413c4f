package io.weft.node.core.cli;

import java.util.List;

/** Rows with their columns under each other. */
final class Columns {

  private static final int WIDTH_MAX = 48;

  private Columns() {}

  /** Cells that are wider than {@value #WIDTH_MAX} characters push the rest of their row to the right. */
  static String align(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], Math.min(WIDTH_MAX, row.get(i).length()));
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        String cell = row.get(i);
        out.append(cell);
        if (i < columns - 1) {
          out.append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
        }
      }
      out.append(System.lineSeparator());
    }
    return out.toString();
  }
}
