package io.weft.shell.noun;

import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.support.Foreign;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code listener:*}: what can be reached from outside this process. */
public final class ListenerCommands {

  private ListenerCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, ListenerCommands::list, Spec.of("listener", "list", "List every socket that this node listens on")
            .example("weft listener list", "what is open, and for what?")));
  }

  static List<Listener> listeners(Services services) {
    return Foreign.<ListenerSource, Listener>all(services.listenerSources(), ListenerSource::listeners).stream().distinct()
        .sorted(Comparator.comparing(Listener::role).thenComparing(Listener::address)).toList();
  }

  /** {@code {"listeners": [{"address", "protocol", "role"}]}}. */
  private static void list(Invocation in) {
    List<Listener> listeners = listeners(in.services());
    if (in.json()) {
      in.printJson(Map.of("listeners", listeners.stream().map(Views::listener).toList()));
    } else {
      in.out().table(Tables.listeners(listeners), "nothing listens");
    }
  }
}
