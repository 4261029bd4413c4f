package io.weft.discovery.basic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Labels as configuration has them: {@code key=value} strings, and the number of the virtual address. */
final class Labels {

  static final String VIP = "vip";
  private static final int LABELS_MAX = 32;
  private static final int LENGTH_MAX = 256;

  private Labels() {}

  /** What is wrong is left out and described in {@code problems}. */
  static Map<String, String> read(String[] labels, int vip, List<String> problems) {
    Map<String, String> read = new HashMap<>();
    if (vip >= 1 && vip <= 254) {
      read.put(VIP, Integer.toString(vip));
    } else if (vip != 0) {
      problems.add("vip " + vip + ": expected 1 to 254");
    }
    for (String label : labels) {
      int equals = label.indexOf('=');
      if (equals < 1 || label.length() > LENGTH_MAX || label.chars().anyMatch(Character::isISOControl)) {
        problems.add("label '" + label.replaceAll("\\p{Cntrl}", "?") + "': expected key=value of at most " + LENGTH_MAX + " characters");
      } else if (read.size() >= LABELS_MAX) {
        problems.add("more than " + LABELS_MAX + " labels");
        break;
      } else {
        read.putIfAbsent(label.substring(0, equals), label.substring(equals + 1));
      }
    }
    return Map.copyOf(read);
  }
}
