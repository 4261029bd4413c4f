package io.weft.shell.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in aligned columns. If they are too wide, the last column of text gives way first (it is the one with sentences), then the
 * widest; figures are never cut.
 */
public final class Table {

  private static final int GAP = 2;
  private static final int NARROWEST = 4;
  private static final int NARROWEST_LAST = 12;

  private record Column(String header, boolean right) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();

  /** Adds a column of text. */
  public Table left(String header) {
    columns.add(new Column(header, false));
    return this;
  }

  /** Adds a column of figures. */
  public Table right(String header) {
    columns.add(new Column(header, true));
    return this;
  }

  /** Adds a row: strings, numbers or {@link Cell}s, as many as there are columns. */
  public Table row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
    }
    rows.add(Arrays.stream(cells).map(Cell::of).map(c -> new Cell(Text.clean(c.text()), c.style())).toList());
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** @param width of the terminal; {@link Integer#MAX_VALUE} to cut nothing */
  List<String> lines(int width, boolean color) {
    int[] widths = widths(width);
    List<String> lines = new ArrayList<>();
    lines.add(line(columns.stream().map(c -> new Cell(c.header, Style.BOLD)).toList(), widths, width, color));
    rows.forEach(row -> lines.add(line(row, widths, width, color)));
    return lines;
  }

  private int[] widths(int width) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] = rows.stream().mapToInt(r -> Text.width(r.get(column).text())).max().orElse(0);
      widths[i] = Math.max(widths[i], columns.get(i).header.length());
    }
    int over = Arrays.stream(widths).sum() + GAP * (widths.length - 1) - width;
    int last = widths.length - 1;
    if (over > 0 && !columns.get(last).right && widths[last] > NARROWEST_LAST) {
      int gives = Math.min(over, widths[last] - NARROWEST_LAST);
      widths[last] -= gives;
      over -= gives;
    }
    for (; over > 0; over--) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        if (!columns.get(i).right && widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private String line(List<Cell> cells, int[] widths, int width, boolean color) {
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int i = 0; i < widths.length && used < width; i++) {
      String text = Text.cut(Text.cut(cells.get(i).text(), widths[i]), width - used);
      int pad = Math.max(0, Math.min(widths[i], width - used) - Text.width(text));
      String styled = cells.get(i).style().apply(text, color);
      boolean last = i == widths.length - 1;
      out.append(columns.get(i).right ? " ".repeat(pad) + styled : last ? styled : styled + " ".repeat(pad));
      used += widths[i] + GAP;
      if (!last && used < width) {
        out.append(" ".repeat(GAP));
      }
    }
    return out.toString().stripTrailing();
  }
}
