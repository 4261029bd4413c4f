package io.weft.shell.terminal;

import io.weft.shell.frame.Command;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.felix.service.command.CommandSession;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes nouns, verbs, options, and the values that arguments and options may have now. */
final class CommandCompleter implements Completer {

  private final Services services;
  private final CommandSession session;

  CommandCompleter(Services services, CommandSession session) {
    this.services = services;
    this.session = session;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    List<String> before = line.words().subList(0, line.wordIndex());
    String word = line.word().substring(0, Math.min(line.wordCursor(), line.word().length()));
    if (before.isEmpty()) {
      first(word, candidates);
      return;
    }
    Optional<Command> single = command(before.get(0), "weft");
    Optional<Command> pair = before.size() > 1 ? command(before.get(0) + ":" + before.get(1), "") : Optional.empty();
    if (pair.isPresent()) {
      arguments(pair.get().spec(), before.subList(2, before.size()), word, candidates);
    } else if (single.isPresent()) {
      arguments(single.get().spec(), before.subList(1, before.size()), word, candidates);
    } else if (before.size() == 1) {
      verbs(before.get(0), candidates);
    }
  }

  private Optional<Command> command(String word, String scope) {
    return Optional.ofNullable(services.commands().get(word.indexOf(':') > 0 ? word : scope + ":" + word));
  }

  private void first(String word, List<Candidate> candidates) {
    if (word.indexOf(':') > 0) {
      names().forEach((name, summary) -> add(candidates, name, summary));
      return;
    }
    Map<String, TreeSet<String>> verbs = new TreeMap<>();
    for (String name : names().keySet()) {
      int colon = name.indexOf(':');
      verbs.computeIfAbsent(name.substring(0, colon), s -> new TreeSet<>()).add(name.substring(colon + 1));
    }
    services.commands().values().stream().map(Command::spec).filter(s -> s.scope().equals("weft"))
        .forEach(s -> add(candidates, s.function(), s.summary()));
    verbs.remove("weft");
    verbs.forEach((noun, list) -> add(candidates, noun, String.join(", ", list)));
    if (!word.isEmpty()) {
      SessionWords.FILTERS.forEach((name, summary) -> add(candidates, name, summary)); // they follow a '|', so do not show off
    }
    add(candidates, "exit", "End this session");
  }

  /** All commands with their summaries; those of others have none. */
  private TreeMap<String, String> names() {
    TreeMap<String, String> names = new TreeMap<>();
    InteractiveShell.commands(session).forEach(n -> names.put(n, ""));
    services.commands().forEach((name, command) -> names.put(name, command.spec().summary()));
    return names;
  }

  private void verbs(String noun, List<Candidate> candidates) {
    names().forEach((name, summary) -> {
      if (name.startsWith(noun + ":")) {
        add(candidates, name.substring(noun.length() + 1), summary);
      }
    });
  }

  private void arguments(Spec spec, List<String> given, String word, List<Candidate> candidates) {
    int positional = 0;
    Spec.Option waiting = null;
    for (String g : given) {
      Optional<Spec.Option> option = waiting == null && g.startsWith("-") ? spec.option(g) : Optional.empty();
      if (waiting != null) {
        waiting = null;
      } else if (option.isPresent()) {
        waiting = option.get().value() == null ? null : option.get();
      } else if (!g.startsWith("-")) {
        positional++;
      }
    }
    if (waiting != null) {
      values(waiting.values(), word, candidates);
      return;
    }
    if (word.startsWith("-")) {
      spec.options().stream().filter(o -> !given.contains(o.name())).forEach(o -> add(candidates, o.name(), o.description()));
      return;
    }
    List<Spec.Argument> arguments = spec.arguments();
    if (!arguments.isEmpty() && (positional < arguments.size() || arguments.get(arguments.size() - 1).many())) {
      Spec.Argument argument = arguments.get(Math.min(positional, arguments.size() - 1));
      values(argument.values(), word, candidates);
    } else {
      spec.options().stream().filter(o -> !given.contains(o.name())).forEach(o -> add(candidates, o.name(), o.description()));
    }
  }

  private void values(Values values, String word, List<Candidate> candidates) {
    Collection<String> known = new ArrayList<>(values.of(services));
    if (values == Values.FILES || values == Values.SOURCES) {
      known.addAll(FileNames.of(word));
    }
    // A directory is not the end of a path, so no blank follows it.
    known.forEach(v -> candidates.add(new Candidate(v, v, null, null, null, null, !v.endsWith("/") && !v.endsWith(":"))));
  }

  /** The description is cut to its first sentence: the list has one line for each. */
  private static void add(List<Candidate> candidates, String value, String description) {
    String first = description.split("[.:;](\\s|$)", 2)[0];
    candidates.add(new Candidate(value, value, null, first.isEmpty() ? null : first, null, null, true));
  }
}
