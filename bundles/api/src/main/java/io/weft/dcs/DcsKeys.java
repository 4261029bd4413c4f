package io.weft.dcs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The one grammar of keys: segments joined by {@code /}, at most {@value #BYTES_MAX} bytes of UTF-8 in all. A segment has at
 * least one character; any but control characters and halves of surrogate pairs. First segments that begin with {@code _} are
 * Weft's own.
 */
public final class DcsKeys {

  /** Bytes of UTF-8. */
  public static final int BYTES_MAX = 512;

  /** By the bytes of their UTF-8, unsigned: the order of every listing. */
  public static final Comparator<String> ORDER =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private DcsKeys() {}

  /**
   * Returns {@code key} if it fits the grammar.
   *
   * @throws IllegalArgumentException if not; says which rule
   */
  public static String check(String key) {
    if (key.isEmpty() || key.startsWith("/") || key.endsWith("/") || key.contains("//")) {
      throw new IllegalArgumentException("a key has one or more segments, joined by '/', none of them empty");
    }
    return checkCharacters("a key", key);
  }

  /**
   * Returns {@code prefix} if it is empty, or a key with a slash at its end.
   *
   * @throws IllegalArgumentException if not; says which rule
   */
  public static String checkPrefix(String prefix) {
    if (!prefix.isEmpty() && (!prefix.endsWith("/") || prefix.startsWith("/") || prefix.contains("//"))) {
      throw new IllegalArgumentException("a prefix is empty, or ends with '/' and has no empty segment");
    }
    return checkCharacters("a prefix", prefix);
  }

  private static String checkCharacters(String what, String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (Character.isISOControl(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException(what + " has no control characters and no half surrogate pairs");
      }
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      i += Character.charCount(c);
    }
    if (bytes > BYTES_MAX) {
      throw new IllegalArgumentException(what + " has at most " + BYTES_MAX + " bytes, this one has " + bytes);
    }
    return text;
  }
}
