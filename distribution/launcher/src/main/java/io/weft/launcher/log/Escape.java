package io.weft.launcher.log;

/**
 * Makes any text safe to show on one line of a terminal: no control character, no ANSI sequence, nothing that turns the direction of
 * writing or hides, no half of a surrogate pair; and no more than a bound.
 */
final class Escape {

  /** The most bytes of UTF-8 that one field may take in a line. */
  static final int FIELD_MAX = 8 * 1024;

  private static final String ROOM_FOR_MARK = "...(+2147483647)";

  private Escape() {}

  /** Appends {@code text} as it is apart from what must not be seen; the backslash stays. */
  static void plain(String text, StringBuilder out) {
    append(text, out, false, FIELD_MAX);
  }

  /** Appends {@code text} as the inside of a quoted string, which is also a JSON string. */
  static void quoted(String text, StringBuilder out) {
    append(text, out, true, FIELD_MAX);
  }

  static void append(String text, StringBuilder out, boolean quoted, int bytesMax) {
    int bytes = 0;
    int room = bytesMax - ROOM_FOR_MARK.length();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int before = out.length();
      if (quoted && (c == '"' || c == '\\')) {
        out.append('\\').append((char) c);
      } else if (isHarmless(c)) {
        out.appendCodePoint(c);
      } else {
        unicode(c, out);
      }
      bytes += utf8Length(c, out.length() - before);
      if (bytes > room) {
        out.setLength(before);
        out.append("...(+").append(text.length() - i).append(')');
        return;
      }
      i += Character.charCount(c);
    }
  }

  private static int utf8Length(int c, int charsWritten) {
    if (c < 0x80 || charsWritten > 2) {
      return charsWritten; // ASCII, or an escape, which is ASCII too
    }
    return c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  private static boolean isHarmless(int c) {
    if (c >= 0x20 && c < 0x7f) {
      return true;
    }
    return switch (Character.getType(c)) {
      // FORMAT holds the bidirectional controls, zero-width joiners, tags and the byte order mark.
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED, Character.PRIVATE_USE -> false;
      default -> true;
    };
  }

  private static void unicode(int c, StringBuilder out) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        for (char half : Character.toChars(c)) {
          out.append("\\u");
          for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(half >> shift & 0xf, 16));
          }
        }
      }
    }
  }
}
