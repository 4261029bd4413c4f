package io.weft.launcher.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A log call taken apart: {@code log.info("link up peer={} rtt_ms={}", peer, rtt)} has the stable name {@code link up} and the fields
 * {@code peer} and {@code rtt_ms}. Because the template is read, not the finished text, no value can pretend to be another field.
 *
 * @param name the literal words before the first field
 * @param parts the whole message in order: literals have no key
 */
record Event(String name, List<Part> parts) {

  /** @param key null for literal text and for arguments that stand alone */
  record Part(String key, String text) {}

  private static final List<String> SECRET_ENDINGS =
      List.of("password", "passwd", "passphrase", "secret", "private_key", "authorization", "credential");

  /** @param mask takes out of a text what nobody may see */
  static Event of(String template, Object[] arguments, UnaryOperator<String> mask) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    int used = 0;
    int count = arguments == null ? 0 : arguments.length;
    while (used < count) {
      int brace = template.indexOf("{}", from);
      if (brace < 0) {
        break;
      }
      int key = keyStart(template, from, brace);
      parts.add(new Part(null, mask.apply(template.substring(from, key))));
      if (key < brace) {
        String name = template.substring(key, brace - 1);
        parts.add(new Part(name, mask.apply(value(name, arguments[used]))));
      } else {
        parts.add(new Part(null, mask.apply(text(arguments[used]))));
      }
      used++;
      from = brace + 2;
    }
    parts.add(new Part(null, mask.apply(template.substring(from))));
    return new Event(parts.get(0).text().strip(), parts);
  }

  /** Where {@code key=} begins that ends at {@code brace}, or {@code brace} if there is none. */
  private static int keyStart(String template, int from, int brace) {
    if (brace == from || template.charAt(brace - 1) != '=') {
      return brace;
    }
    int start = brace - 1;
    while (start > from && isKeyChar(template.charAt(start - 1))) {
      start--;
    }
    return start == brace - 1 ? brace : start;
  }

  private static boolean isKeyChar(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-';
  }

  /** A second line of defence only: what has the name of a secret is not shown, unless it is a reference to one. */
  private static String value(String key, Object argument) {
    String text = text(argument);
    String lower = key.toLowerCase(Locale.ROOT);
    boolean secret = SECRET_ENDINGS.stream().anyMatch(lower::endsWith);
    return secret && !text.startsWith("secret:") ? "***" : text;
  }

  private static String text(Object argument) {
    try {
      return String.valueOf(argument);
    } catch (RuntimeException e) {
      return "(" + argument.getClass().getName() + ".toString() failed: " + e.getClass().getSimpleName() + ")";
    }
  }
}
