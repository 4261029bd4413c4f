package io.weft.shell.terminal;

import io.weft.node.CommandFailure;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp;
import org.jspecify.annotations.Nullable;

/** {@code watch [SECONDS] COMMAND...}: runs a command again and again on a fresh screen, until Ctrl-C. */
final class Watch implements Function {

  private static final long DEFAULT_S = 2;
  private static final long MOST_S = 3600;

  private final Function words;

  /** @param words runs a command given as its words */
  Watch(Function words) {
    this.words = words;
  }

  @Override
  public @Nullable Object execute(CommandSession session, List<Object> arguments) throws Exception {
    boolean timed = !arguments.isEmpty() && arguments.get(0).toString().matches("[0-9]{1,4}");
    List<Object> command = arguments.subList(timed ? 1 : 0, arguments.size());
    long seconds = timed ? Long.parseLong(arguments.get(0).toString()) : DEFAULT_S;
    if (command.isEmpty() || seconds < 1 || seconds > MOST_S) {
      throw new CommandFailure(CommandFailure.USAGE,
          "watch [SECONDS] COMMAND..., such as 'watch 5 link list'; 1 to " + MOST_S + " seconds");
    }
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      if (session.get(".terminal") instanceof Terminal terminal) {
        terminal.puts(InfoCmp.Capability.clear_screen);
        terminal.flush();
      }
      words.execute(session, List.copyOf(command));
      if (never.await(seconds, TimeUnit.SECONDS)) {
        return null;
      }
    }
  }
}
