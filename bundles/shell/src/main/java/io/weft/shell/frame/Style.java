package io.weft.shell.frame;

/** How something looks on a terminal that can. Meaning never rests on colour alone: the words say it too. */
public enum Style {
  PLAIN(""),
  GOOD("32"),
  WARN("33"),
  BAD("31"),
  DIM("2"),
  BOLD("1");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  String apply(String text, boolean color) {
    return !color || code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
