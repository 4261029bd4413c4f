package io.weft.shell.frame;

import io.weft.node.CommandFailure;
import io.weft.support.Json;
import io.weft.support.command.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;

/** One call of a command: its arguments, checked against its {@link Spec}, and where its output goes. */
public final class Invocation {

  private final Spec spec;
  private final Services services;
  private final CommandSession session;
  private final Output out;
  private final Map<String, String> options = new LinkedHashMap<>();
  private final List<String> arguments = new ArrayList<>();

  private Invocation(Spec spec, Services services, CommandSession session, Output out) {
    this.spec = spec;
    this.services = services;
    this.session = session;
    this.out = out;
  }

  /** @throws CommandFailure (usage) with one line if the words do not fit; not if help is asked for */
  static Invocation parse(Spec spec, List<String> words, Services services, CommandSession session, Output out) {
    Invocation in = new Invocation(spec, services, session, out);
    boolean literal = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (literal || !word.startsWith("-") || word.equals("-")) {
        in.arguments.add(word);
      } else if (word.equals("--")) {
        literal = true;
      } else {
        i += in.option(word, i + 1 < words.size() ? Optional.of(words.get(i + 1)) : Optional.empty());
      }
    }
    if (!in.flag(Spec.HELP)) {
      in.checkCount();
    }
    return in;
  }

  /** Takes one option; returns how many of the following words were its value. */
  private int option(String word, Optional<String> next) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Spec.Option option = spec.option(name.equals("-h") ? Spec.HELP : name)
        .orElseThrow(() -> usage("has no option '" + Failure.oneLine(name) + "'"));
    if (option.value() == null) {
      if (equals >= 0) {
        throw usage("takes no value for " + name);
      }
      options.put(option.name(), "");
      return 0;
    }
    String value = equals >= 0 ? word.substring(equals + 1)
        : next.orElseThrow(() -> usage("needs a value after " + name + ": " + option.value()));
    if (options.put(option.name(), value) != null) {
      throw usage("takes " + name + " only once");
    }
    return equals >= 0 ? 0 : 1;
  }

  private void checkCount() {
    List<Spec.Argument> expected = spec.arguments();
    for (int i = arguments.size(); i < expected.size(); i++) {
      if (expected.get(i).required()) {
        throw usage("needs " + expected.get(i).name() + " (" + expected.get(i).description() + ")");
      }
    }
    boolean many = !expected.isEmpty() && expected.get(expected.size() - 1).many();
    if (arguments.size() > expected.size() && !many) {
      throw usage("does not take '" + Failure.oneLine(arguments.get(expected.size())) + "'");
    }
  }

  /** To be thrown for arguments that cannot be right: "link list has no option '--foo'; see 'link list --help'". */
  public CommandFailure usage(String what) {
    return new CommandFailure(CommandFailure.USAGE, spec.words() + " " + what + "; see '" + spec.words() + " --help'");
  }

  public boolean flag(String name) {
    return options.containsKey(name);
  }

  public Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** The argument of that place. */
  public String argument(int index) {
    return arguments.get(index);
  }

  public Optional<String> optional(int index) {
    return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
  }

  public List<String> arguments() {
    return arguments;
  }

  /** Whether the output is to be JSON. */
  public boolean json() {
    return flag(Spec.JSON);
  }

  /** Whether to do it, rather than to say what would be done. */
  public boolean yes() {
    return flag(Spec.YES);
  }

  /** Prints JSON, one element of each list per line. */
  public void printJson(Map<String, ?> value) {
    out.raw(Json.lines(value) + "\n");
  }

  public Output out() {
    return out;
  }

  public Services services() {
    return services;
  }

  public CommandSession session() {
    return session;
  }
}
