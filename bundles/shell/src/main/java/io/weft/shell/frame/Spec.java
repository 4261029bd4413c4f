package io.weft.shell.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is to be told about a command: {@code --help}, completion, the list of commands and the reference all come from
 * here. Immutable; the methods that add something return a copy.
 *
 * @param summary one line, starting with a verb, without a full stop
 * @param description a paragraph, or empty
 */
public record Spec(
    String scope,
    String function,
    String summary,
    String description,
    List<Argument> arguments,
    List<Option> options,
    List<Example> examples) {

  /** @param many whether the last argument may come again */
  public record Argument(String name, boolean required, boolean many, String description, Values values) {}

  /** @param value what follows it, for people; null for a flag */
  public record Option(String name, @Nullable String value, String description, Values values) {}

  public record Example(String line, String says) {}

  public static final String HELP = "--help";
  public static final String JSON = "--json";
  public static final String YES = "--yes";

  public Spec {
    arguments = List.copyOf(arguments);
    options = List.copyOf(options);
    examples = List.copyOf(examples);
  }

  /** A command with the options that all have. */
  public static Spec of(String scope, String function, String summary) {
    return new Spec(scope, function, summary, "", List.of(), List.of(
        new Option(JSON, null, "Print JSON.", Values.NONE),
        new Option(HELP, null, "Print this help.", Values.NONE)), List.of());
  }

  /** @param sentences of one paragraph */
  public Spec describe(String... sentences) {
    return new Spec(scope, function, summary, String.join(" ", sentences), arguments, options, examples);
  }

  public Spec argument(String argument, String text, Values values) {
    return with(new Argument(argument, true, false, text, values));
  }

  public Spec optional(String argument, String text, Values values) {
    return with(new Argument(argument, false, false, text, values));
  }

  /** One or more of them. */
  public Spec many(String argument, String text, Values values) {
    return with(new Argument(argument, true, true, text, values));
  }

  public Spec option(String option, String value, String text, Values values) {
    return with(new Option(option, value, text, values));
  }

  public Spec flag(String option, String text) {
    return with(new Option(option, null, text, Values.NONE));
  }

  /** Only says what it would do, unless {@code --yes} is given. */
  public Spec dryRunUnlessYes() {
    return flag(YES, "Do it. Without this option the command only says what it would do.");
  }

  public Spec example(String line, String says) {
    List<Example> more = new ArrayList<>(examples);
    more.add(new Example(line, says));
    return new Spec(scope, function, summary, description, arguments, options, more);
  }

  private Spec with(Argument argument) {
    List<Argument> more = new ArrayList<>(arguments);
    more.add(argument);
    return new Spec(scope, function, summary, description, more, options, examples);
  }

  private Spec with(Option option) {
    List<Option> more = new ArrayList<>(options);
    more.add(more.size() - 2, option); // the common ones stay last
    return new Spec(scope, function, summary, description, arguments, more, examples);
  }

  /** As Gogo knows it: {@code link:list}. */
  public String name() {
    return scope + ":" + function;
  }

  /** As an operator types it: {@code link list}, or {@code status} for {@code weft:status}. */
  public String words() {
    return scope.equals("weft") ? function : scope + " " + function;
  }

  /** {@code link close PEER [options]}. */
  public String usage() {
    StringBuilder out = new StringBuilder(words());
    for (Argument argument : arguments) {
      String name = argument.name() + (argument.many() ? "..." : "");
      out.append(' ').append(argument.required() ? name : "[" + name + "]");
    }
    return out.append(" [options]").toString();
  }

  public Optional<Option> option(String option) {
    return options.stream().filter(o -> o.name().equals(option)).findFirst();
  }
}
