package io.weft.shell.terminal;

import io.weft.node.CommandFailure;
import io.weft.support.command.CommandWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** The words of a session beyond the commands of the node: {@code exit}, filters for pipes, control structures. */
final class SessionWords {

  /**
   * With what they do, for completion. Not among them: whatever makes Java objects or reaches {@link System}, and {@code echo},
   * since a session variable of that name makes Gogo trace every command.
   */
  static final Map<String, String> FILTERS = Map.ofEntries(
      Map.entry("grep", "Keep lines that match"), Map.entry("sort", "Sort lines"), Map.entry("head", "Keep the first lines"),
      Map.entry("tail", "Keep the last lines"), Map.entry("wc", "Count lines, words and bytes"),
      Map.entry("less", "Page through output"),
      Map.entry("watch", "Run a command again and again"), Map.entry("cat", "Print files"),
      Map.entry("date", "Print the time"), Map.entry("clear", "Clear the screen"));
  private static final List<String> BUILTINS = List.of("format", "set", "tac", "type", "jobs", "fg", "bg", "history");
  private static final List<String> CONTROL = List.of("each", "if", "not", "throw", "try", "until", "while", "break", "continue");
  private static final List<String> LEAVE = List.of("exit", "quit", "logout");

  private SessionWords() {}

  /** Thrown by {@code exit}. Ends the session, never the process. */
  static final class Exit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Exit() {
      super("exit", null, false, false);
    }
  }

  static void define(CommandSession session, CommandProcessor processor) {
    session.put("SCOPE", "weft");
    // Not set, Gogo would look it up as a command, and finding one it would repeat each command before it runs.
    session.put("echo", false);
    Posix posix = new Posix(processor);
    FILTERS.keySet().forEach(f -> session.put(f, new CommandProxy(posix, f)));
    session.put("watch", new Watch(SessionWords::words));
    Builtin builtin = new Builtin();
    BUILTINS.forEach(f -> session.put(f, new CommandProxy(builtin, f)));
    Procedural procedural = new Procedural();
    CONTROL.forEach(f -> session.put(f, new CommandProxy(procedural, f)));
    LEAVE.forEach(f -> session.put(f, (Function) (s, args) -> {
      throw new Exit();
    }));
    // Gogo calls it for what it does not know, so that "link list" works here as it does on the command line of the system.
    session.put("default", (Function) SessionWords::words);
  }

  private static @Nullable Object words(CommandSession session, List<Object> typed) throws Exception {
    List<String> words = typed.stream().map(String::valueOf).toList();
    Set<String> commands = InteractiveShell.commands(session);
    CommandWords.Call call;
    try {
      call = CommandWords.resolve(words, commands);
    } catch (CommandFailure e) {
      call = anyScope(words, commands, e);
    }
    if (!(session.get(call.command()) instanceof Function function)) {
      throw new CommandFailure(CommandFailure.PRECONDITION, call.command() + " is gone: its bundle was stopped");
    }
    return function.execute(session, new ArrayList<>(call.args()));
  }

  /** A single word that only one scope has, such as {@code lb} of Felix. */
  private static CommandWords.Call anyScope(List<String> words, Set<String> commands, CommandFailure otherwise) {
    String suffix = ":" + words.get(0);
    TreeSet<String> found = new TreeSet<>(commands);
    found.removeIf(c -> !c.endsWith(suffix));
    if (found.size() != 1) {
      throw otherwise;
    }
    return new CommandWords.Call(found.first(), words.subList(1, words.size()));
  }
}
