package io.weft.support.command;

import io.weft.node.CommandFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * From the words that somebody typed to a Gogo command: {@code link list} is {@code link:list}, {@code status} is {@code
 * weft:status}.
 */
public final class CommandWords {

  private static final String HOME_SCOPE = "weft:";
  private static final String HELP = HOME_SCOPE + "help";
  private static final int CLOSE_ENOUGH = 2;

  private CommandWords() {}

  /** @param command a name that exists, as {@code scope:function} */
  public record Call(String command, List<String> args) {}

  /**
   * Finds the command.
   *
   * @param words at least one
   * @param commands all names, as {@code scope:function} in lower case
   * @throws CommandFailure (usage) if there is none; says what comes close
   */
  public static Call resolve(List<String> words, Set<String> commands) {
    String first = words.get(0).toLowerCase(Locale.ROOT);
    List<String> rest = words.subList(1, words.size());
    if (first.indexOf(':') > 0 && commands.contains(first)) {
      return new Call(first, rest);
    }
    if (!rest.isEmpty()) {
      String joined = first + ":" + rest.get(0).toLowerCase(Locale.ROOT);
      if (commands.contains(joined)) {
        return new Call(joined, rest.subList(1, rest.size()));
      }
    }
    if (commands.contains(HOME_SCOPE + first)) {
      return new Call(HOME_SCOPE + first, rest);
    }
    Set<String> verbs = verbs(first, commands);
    if (!verbs.isEmpty()) {
      return scopeOnly(first, rest, verbs, commands);
    }
    throw unknown(words, commands);
  }

  private static Call scopeOnly(String scope, List<String> rest, Set<String> verbs, Set<String> commands) {
    if (commands.contains(HELP) && !rest.isEmpty() && (rest.get(0).equals("--help") || rest.get(0).equals("-h"))) {
      return new Call(HELP, List.of(scope));
    }
    String verb = rest.isEmpty() || rest.get(0).startsWith("-") ? "" : " has no '" + printable(rest.get(0)) + "'";
    throw new CommandFailure(CommandFailure.USAGE,
        (verb.isEmpty() ? "'" + scope + "' needs a verb" : "'" + scope + "'" + verb) + "; there is " + String.join(", ", verbs));
  }

  private static Set<String> verbs(String scope, Set<String> commands) {
    String prefix = scope + ":";
    return commands.stream().filter(c -> c.startsWith(prefix)).map(c -> c.substring(prefix.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static CommandFailure unknown(List<String> words, Set<String> commands) {
    String first = words.get(0).toLowerCase(Locale.ROOT);
    List<String> tries = new ArrayList<>(List.of(first.indexOf(':') > 0 ? first : HOME_SCOPE + first));
    if (words.size() > 1) {
      tries.add(first + ":" + words.get(1).toLowerCase(Locale.ROOT));
    }
    record Near(String command, int distance) {}
    String near = commands.stream()
        .map(c -> new Near(c, tries.stream().mapToInt(t -> distance(c, t)).min().orElse(Integer.MAX_VALUE)))
        .filter(n -> n.distance <= CLOSE_ENOUGH)
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::command)).limit(3)
        .map(n -> "'" + spoken(n.command) + "'").collect(Collectors.joining(" or "));
    return new CommandFailure(CommandFailure.USAGE, "unknown command '" + printable(words.get(0)) + "'; "
        + (near.isEmpty() ? "'weft help' lists all" : "did you mean " + near + "?"));
  }

  private static String spoken(String command) {
    return command.startsWith(HOME_SCOPE) ? command.substring(HOME_SCOPE.length()) : command.replace(':', ' ');
  }

  private static String printable(String word) {
    return Failure.oneLine(word.length() > 40 ? word.substring(0, 40) + "..." : word);
  }

  /** Levenshtein distance, cut off early for words that are far apart. */
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > CLOSE_ENOUGH) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
