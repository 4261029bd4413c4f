package io.weft.shell.frame;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.WCWidth;

/** Figures and times as people read them, and text of others made harmless. */
public final class Text {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  private Text() {}

  /** {@code 0 B}, {@code 1.5 KiB}, {@code 12 MiB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1023.5 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  /** {@code 12s}, {@code 3m 12s}, {@code 2h 5m}, {@code 3d 4h}. */
  public static String duration(Duration duration) {
    long s = Math.max(0, duration.toSeconds());
    if (s < 60) {
      return s + "s";
    }
    if (s < 3600) {
      return s / 60 + "m " + s % 60 + "s";
    }
    if (s < 86_400) {
      return s / 3600 + "h " + s % 3600 / 60 + "m";
    }
    return s / 86_400 + "d " + s % 86_400 / 3600 + "h";
  }

  public static String since(Instant then, Instant now) {
    return duration(Duration.between(then, now));
  }

  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** Milliseconds with as many digits as matter; {@code -} if negative, which means not known. */
  public static String millis(double millis) {
    if (!(millis >= 0)) {
      return "-";
    }
    return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%.0f ms", millis);
  }

  /** Without anything that could move the cursor or rearrange the line: what peers said ends up on terminals. */
  public static String clean(String text) {
    boolean harmless = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    if (harmless) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> {
      int type = Character.getType(c);
      boolean plain = type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE
          && type != Character.LINE_SEPARATOR && type != Character.PARAGRAPH_SEPARATOR;
      out.appendCodePoint(plain ? c : '?');
    });
    return out.toString();
  }

  /** Columns that the text takes on a terminal. */
  public static int width(String text) {
    return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
  }

  /** The text cut to at most {@code columns}, with an ellipsis if something is missing. */
  public static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int w = Math.max(0, WCWidth.wcwidth(c));
      if (used + w > columns - 1) {
        break;
      }
      out.appendCodePoint(c);
      used += w;
      i += Character.charCount(c);
    }
    return columns < 1 ? "" : out.append('…').toString();
  }

  /** The text in lines of at most {@code columns}, broken at blanks. */
  public static List<String> wrap(String text, int columns) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split("\\s+")) {
      if (line.length() > 0 && width(line.toString()) + 1 + width(word) > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** {@code 1 link}, {@code 2 links}. */
  public static String count(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
