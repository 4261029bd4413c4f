package io.weft.launcher.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What {@code bin/weft} found out about the terminal (Java cannot ask on 17), and the terminal's size now.
 *
 * @param in whether standard input is a terminal
 * @param out whether standard output is one
 */
public record Tty(boolean in, boolean out, Size size) {

  /** In characters. */
  public record Size(int columns, int rows) {

    static final Size USUAL = new Size(80, 24);

    /** {@code "ROWS COLUMNS"}, as stty prints it. */
    static Optional<Size> parse(String text) {
      String[] part = text.strip().split(" ");
      if (part.length != 2 || !part[0].matches("\\d{1,4}") || !part[1].matches("\\d{1,4}")) {
        return Optional.empty();
      }
      int rows = Integer.parseInt(part[0]);
      int columns = Integer.parseInt(part[1]);
      return rows == 0 || columns == 0 ? Optional.empty() : Optional.of(new Size(columns, rows));
    }
  }

  /** From the system property {@code weft.tty}: {@code in,out,ROWS COLUMNS}, each part may be missing. */
  public static Tty given() {
    String value = System.getProperty("weft.tty", "");
    String[] part = value.split(",", -1);
    Size size = part.length == 3 ? Size.parse(part[2]).orElse(Size.USUAL) : Size.USUAL;
    return new Tty(part.length > 0 && part[0].equals("in"), part.length > 1 && part[1].equals("out"), size);
  }

  /** Asks the terminal; empty if there is none. */
  static Optional<Size> currentSize() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new java.io.File("/dev/tty"))
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (InputStream in = stty.getInputStream()) {
        return Size.parse(new String(in.readNBytes(64), StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      return Optional.empty(); // no terminal, or no stty: the last known size stays
    }
  }
}
