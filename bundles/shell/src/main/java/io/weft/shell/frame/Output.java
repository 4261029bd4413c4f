package io.weft.shell.frame;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;

/**
 * Where a command prints. Encodes UTF-8 itself, because Gogo's streams use the platform's encoding. Colours and cutting to the
 * width happen only if a person looks at it.
 */
public final class Output implements AutoCloseable {

  private static final int LABEL_GAP = 2;

  private final PrintStream stream;
  private final boolean terminal;
  private final int width;

  Output(PrintStream stream, boolean terminal, int width) {
    this.stream = stream;
    this.terminal = terminal;
    this.width = terminal ? width : Integer.MAX_VALUE;
  }

  static Output of(CommandSession session) {
    Process process = Process.Utils.current();
    boolean terminal = Boolean.TRUE.equals(session.get(".tty")) && (process == null || process.isTty(1));
    int width = session.get("COLUMNS") instanceof Integer columns ? columns : 80;
    return new Output(process == null ? session.getConsole() : process.out(), terminal, width);
  }

  /** Whether a person looks at it. */
  public boolean isTerminal() {
    return terminal;
  }

  public int width() {
    return width;
  }

  /** Prints as it is. Only for text that was made here. */
  public void raw(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    stream.write(bytes, 0, bytes.length);
  }

  /** One line of strings and {@link Cell}s. */
  public void line(Object... parts) {
    StringBuilder out = new StringBuilder();
    for (Object part : parts) {
      Cell cell = Cell.of(part);
      out.append(cell.style().apply(Text.clean(cell.text()), terminal));
    }
    raw(out.append('\n').toString());
  }

  /** A table, or a sentence if it has no rows. */
  public void table(Table table, String ifEmpty) {
    if (table.isEmpty()) {
      line(Cell.dim(ifEmpty));
    } else {
      lines(table.lines(width, terminal), "");
    }
  }

  /** A table under a heading, indented. */
  public void section(String heading, Table table, String ifEmpty) {
    line();
    line(Cell.bold(heading));
    if (table.isEmpty()) {
      line("  ", Cell.dim(ifEmpty));
    } else {
      lines(table.lines(width == Integer.MAX_VALUE ? width : width - 2, terminal), "  ");
    }
  }

  /** Labels and values in two columns; values are never cut. */
  public void pairs(Map<String, ?> pairs) {
    int widest = pairs.keySet().stream().mapToInt(String::length).max().orElse(0) + LABEL_GAP;
    pairs.forEach((label, value) -> line(Cell.dim(label), " ".repeat(widest - label.length()), Cell.of(value)));
  }

  private void lines(List<String> lines, String indent) {
    StringBuilder out = new StringBuilder();
    lines.forEach(l -> out.append(indent).append(l).append('\n'));
    raw(out.toString());
  }

  /** Sends on what was printed so far; for commands that go on for long. */
  public void flush() {
    stream.flush();
  }

  @Override
  public void close() {
    stream.flush();
  }
}
