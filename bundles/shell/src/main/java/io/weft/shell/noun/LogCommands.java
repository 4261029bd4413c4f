package io.weft.shell.noun;

import io.weft.node.LogLevels;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Values;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code log:*}: how much is logged. */
public final class LogCommands {

  private LogCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, LogCommands::level, Spec.of("log", "level", "Show or set log levels")
            .describe("A change applies at once and is gone after a restart.")
            .optional("LOGGER", "name such as io.weft.mesh, or root", Values.LOGGERS)
            .optional("LEVEL", "error, warn, info, debug, trace, or default to inherit again", Values.LEVELS)
            .example("weft log level", "loggers with a level of their own")
            .example("weft log level io.weft.mesh debug", "see more of the mesh")
            .example("weft log level io.weft.mesh default", "enough")));
  }

  /** {@code {"levels": [{"logger", "level"}]}}, after the change if there was one. */
  private static void level(Invocation in) {
    LogLevels levels = in.services().need(LogLevels.class);
    if (in.optional(1).isPresent()) {
      try {
        levels.set(in.argument(0), in.argument(1));
      } catch (IllegalArgumentException e) {
        throw in.usage("refused: " + e.getMessage());
      }
    }
    TreeMap<String, String> own = new TreeMap<>(levels.levels());
    if (in.optional(0).isPresent()) {
      own.keySet().retainAll(List.of(in.argument(0)));
    }
    if (in.json()) {
      in.printJson(Map.of("levels",
          own.entrySet().stream().map(e -> Views.pair("logger", e.getKey(), "level", e.getValue())).toList()));
      return;
    }
    Table table = new Table().left("LOGGER").left("LEVEL");
    own.forEach((logger, level) -> table.row(Cell.bold(logger), level));
    in.out().table(table, in.optional(0).map(l -> l + " has no level of its own; it inherits")
        .orElse("no logger has a level of its own"));
  }
}
