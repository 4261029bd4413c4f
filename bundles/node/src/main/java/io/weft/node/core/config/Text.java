package io.weft.node.core.config;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Words of others in messages of ours. */
final class Text {

  private static final int SHOWN_MAX = 60;
  private static final int COMPARED_MAX = 64;

  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029\\p{Cs}]+");

  private Text() {}

  /** On one line, without control and invisible characters, and not too long. */
  static String shown(String text) {
    if (text.length() <= SHOWN_MAX && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      return text; // nearly always
    }
    String cut = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
    return UNSEEN.matcher(cut).replaceAll(" ");
  }

  /** The one of {@code candidates} that was probably meant. */
  static Optional<String> similar(String text, Collection<String> candidates) {
    if (text.length() > COMPARED_MAX) {
      return Optional.empty();
    }
    String wanted = plain(text);
    String best = null;
    int least = Math.max(1, text.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(wanted, plain(candidate), least);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code channelsMax}, {@code channels_max} and {@code channels.max} are the same slip of the pen. */
  private static String plain(String key) {
    return key.toLowerCase(java.util.Locale.ROOT).replace('_', '.').replace('-', '.');
  }

  /** Insertions, deletions, replacements and swaps of neighbours between the two; {@code most} if there are that many or more. */
  private static int distance(String a, String b, int most) {
    if (Math.abs(a.length() - b.length()) >= most) {
      return most;
    }
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return Math.min(last[b.length()], most);
  }
}
