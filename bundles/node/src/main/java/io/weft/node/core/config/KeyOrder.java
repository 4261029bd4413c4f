package io.weft.node.core.config;

import java.util.Comparator;

/** Alphabetical, but entry 2 of a list before entry 10. */
enum KeyOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    while (i > 0 && digit(a, i - 1)) {
      i--;
    }
    int lengths = Integer.compare(digits(a, i), digits(b, i));
    boolean numbers = digits(a, i) > 0 && digits(b, i) > 0;
    return numbers && lengths != 0 ? lengths : a.compareTo(b);
  }

  private static int digits(String text, int from) {
    int end = from;
    while (digit(text, end)) {
      end++;
    }
    return end - from;
  }

  private static boolean digit(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }
}
