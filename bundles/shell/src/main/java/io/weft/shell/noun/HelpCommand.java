package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** {@code weft:help}: what there is. Commands that others wrote are listed too. */
public final class HelpCommand {

  /** Gogo's and Felix's own: useful to few, so counted rather than listed. */
  private static final Set<String> MACHINERY = Set.of("gogo", "felix", "scr", "cm", "obr");

  private HelpCommand() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, HelpCommand::help, Spec.of("weft", "help", "List commands, or explain one")
            .describe("Words may be written with a blank or a colon: 'link list' is 'link:list'.")
            .optional("NOUN", "a noun such as link, or a command such as status", now -> new TreeSet<>(nouns(now)))
            .optional("VERB", "a verb such as list", Values.NONE)
            .example("weft help", "everything")
            .example("weft help link", "what can be done with links")
            .example("weft help link close", "the same as 'weft link close --help'")));
  }

  private static List<String> nouns(Services services) {
    return services.commands().values().stream().map(c -> c.spec().words().split(" ")[0]).toList();
  }

  /** {@code {"commands": [{"name", "usage", "summary"}]}}. */
  private static void help(Invocation in) throws Exception {
    String noun = in.optional(0).orElse("");
    String name = in.optional(1).map(verb -> noun + ":" + verb).orElse(noun.indexOf(':') > 0 ? noun : "weft:" + noun);
    Command one = in.services().commands().get(name);
    if (one != null && !in.json()) {
      one.execute(in.session(), new ArrayList<>(List.of(Spec.HELP)));
      return;
    }
    TreeMap<String, String> all = summaries(in);
    TreeMap<String, String> chosen = new TreeMap<>(all);
    chosen.keySet().removeIf(c -> !noun.isEmpty() && !c.startsWith(noun + ":") && !c.equals(name));
    if (chosen.isEmpty()) {
      throw new CommandFailure(CommandFailure.USAGE, "no command '" + Text.clean(noun) + "'; 'weft help' lists all");
    }
    if (in.json()) {
      in.printJson(Map.of("commands",
          chosen.entrySet().stream().map(e -> json(in.services(), e.getKey(), e.getValue())).toList()));
    } else {
      print(in, chosen, !noun.isEmpty());
    }
  }

  private static Map<String, String> json(Services services, String name, String summary) {
    Map<String, String> map = new LinkedHashMap<>();
    Command ours = services.commands().get(name);
    map.put("name", name);
    map.put("usage", ours == null ? words(name) : ours.spec().usage());
    map.put("summary", summary);
    return map;
  }

  private static void print(Invocation in, TreeMap<String, String> commands, boolean chosen) {
    Table table = new Table().left("COMMAND").left("WHAT IT DOES");
    TreeMap<String, Integer> machinery = new TreeMap<>();
    commands.forEach((name, summary) -> {
      String scope = name.substring(0, name.indexOf(':'));
      if (chosen || !MACHINERY.contains(scope)) {
        table.row(Cell.bold(words(name)), summary);
      } else {
        machinery.merge(scope, 1, Integer::sum);
      }
    });
    in.out().table(table, "no commands");
    if (!chosen) {
      in.out().line();
      in.out().line("Every command has --help and --json.", machinery.isEmpty() ? ""
          : " Gogo's own are under " + String.join(", ", machinery.keySet()) + ": 'weft help " + machinery.firstKey() + "'.");
    }
  }

  private static String words(String name) {
    return name.startsWith("weft:") ? name.substring(5) : name.replace(':', ' ');
  }

  private static TreeMap<String, String> summaries(Invocation in) {
    TreeMap<String, String> all = new TreeMap<>();
    in.services().commands().forEach((name, command) -> all.put(name, command.spec().summary()));
    if (in.session().get(".commands") instanceof Set<?> names) {
      names.forEach(n -> all.computeIfAbsent(n.toString(), name -> foreign(in.session(), name)));
    }
    all.values().removeIf(s -> s == null);
    return all;
  }

  /** The summary of a plain Gogo command, from its {@link Descriptor}; null if the command is gone. */
  private static @Nullable String foreign(CommandSession session, String name) {
    if (!(session.get(name) instanceof Function function)) {
      return null;
    }
    if (!(function instanceof CommandProxy proxy)) {
      return "";
    }
    Object target = proxy.getTarget();
    if (target == null) {
      return null; // whoever registered it gives nothing that could be called
    }
    try {
      String verb = name.substring(name.indexOf(':') + 1);
      for (Method method : target.getClass().getMethods()) {
        if (method.getName().equalsIgnoreCase(verb) && method.getAnnotation(Descriptor.class) != null) {
          return method.getAnnotation(Descriptor.class).value();
        }
      }
      return "";
    } finally {
      proxy.ungetTarget();
    }
  }
}
