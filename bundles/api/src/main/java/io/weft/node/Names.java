package io.weft.node;

import java.util.Objects;

/**
 * The one grammar of names: nodes, peers, fabrics and services are {@code [a-z0-9-]{1,63}}, not starting or ending with a
 * dash (a DNS label of RFC 1123, so that a name can be used in host names and certificates unchanged).
 */
public final class Names {

  private Names() {}

  /**
   * Returns {@code name} if it fits the grammar.
   *
   * @param what what is being named, for the message: "peer name"
   * @throws IllegalArgumentException if it does not fit; the message names {@code what} and the rule
   */
  public static String check(String what, String name) {
    Objects.requireNonNull(name, what);
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          what + " must be 1 to 63 of a-z, 0-9 and '-', with no '-' at either end, but is '" + printable(name) + "'");
    }
    return name;
  }

  /** Whether {@code name} fits the grammar. */
  public static boolean isValid(String name) {
    int n = name.length();
    if (n < 1 || n > 63 || name.charAt(0) == '-' || name.charAt(n - 1) == '-') {
      return false;
    }
    for (int i = 0; i < n; i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
        return false;
      }
    }
    return true;
  }

  private static String printable(String name) {
    String cut = name.length() > 80 ? name.substring(0, 80) + "..." : name;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
