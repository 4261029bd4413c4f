package io.weft.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was typed, split into what every command understands and the rest.
 *
 * @param words the command and its arguments, without {@code --home} and {@code --config}
 */
public record CommandLine(Optional<Path> home, Optional<Path> config, List<String> words) {

  public CommandLine {
    words = List.copyOf(words);
  }

  /** {@code --home} and {@code --config} may stand anywhere before a {@code --}; both as {@code --home=DIR} and {@code --home DIR}. */
  public static CommandLine parse(List<String> args) throws Failure {
    Path home = null;
    Path config = null;
    List<String> words = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--")) {
        words.addAll(args.subList(i, args.size()));
        break;
      }
      if (arg.equals("--home") || arg.equals("--config")) {
        if (i + 1 == args.size()) {
          throw Failure.usage(arg + " needs a value; see weft --help");
        }
        arg = arg + "=" + args.get(++i);
      }
      if (arg.startsWith("--home=")) {
        home = path("--home", arg.substring("--home=".length()));
      } else if (arg.startsWith("--config=")) {
        config = path("--config", arg.substring("--config=".length()));
      } else {
        words.add(arg);
      }
    }
    return new CommandLine(Optional.ofNullable(home), Optional.ofNullable(config), words);
  }

  private static Path path(String option, String value) throws Failure {
    if (value.isEmpty()) {
      throw Failure.usage(option + " needs a value; see weft --help");
    }
    return Path.of(value).toAbsolutePath().normalize();
  }

  /** The first word, or empty. */
  public String command() {
    return words.isEmpty() ? "" : words.get(0);
  }

  /** What the first word is about: {@code plugin} of {@code plugin:new}. */
  String noun() {
    return command().replaceFirst(":.*", "");
  }

  /** Everything after the first word. */
  public List<String> rest() {
    return words.isEmpty() ? List.of() : words.subList(1, words.size());
  }

  /** Whether help was asked for, before a {@code --}. */
  public boolean wantsHelp() {
    for (String word : words) {
      if (word.equals("--")) {
        return false;
      }
      if (word.equals("--help") || word.equals("-h")) {
        return true;
      }
    }
    return false;
  }
}
