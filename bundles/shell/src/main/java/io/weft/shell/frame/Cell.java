package io.weft.shell.frame;

/** A piece of text with a style. */
public record Cell(String text, Style style) {

  public static Cell of(Object value) {
    return value instanceof Cell cell ? cell : new Cell(String.valueOf(value), Style.PLAIN);
  }

  public static Cell good(String text) {
    return new Cell(text, Style.GOOD);
  }

  public static Cell warn(String text) {
    return new Cell(text, Style.WARN);
  }

  public static Cell bad(String text) {
    return new Cell(text, Style.BAD);
  }

  public static Cell dim(String text) {
    return new Cell(text, Style.DIM);
  }

  public static Cell bold(String text) {
    return new Cell(text, Style.BOLD);
  }
}
