package io.weft.shell.terminal;

import io.weft.node.Node;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import java.io.IOException;
import java.util.List;

/** {@code weft:shell}: what the control socket calls when a client asks for a shell. */
public final class ShellCommand {

  private ShellCommand() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, ShellCommand::shell, Spec.of("weft", "shell", "Open the interactive shell")
            .describe("TAB completes, Ctrl-C cancels the command that runs, Ctrl-D or 'exit' leaves.",
                "A line that starts with a blank is not remembered. Output can be filtered: 'link list | grep up'.")
            .example("weft shell", "until 'exit'")));
  }

  /** Prints no JSON: it is for people. */
  private static void shell(Invocation in) throws IOException {
    new InteractiveShell(in.services(), in.services().find(Node.class).map(Node::home).orElse(null)).run(in.session());
  }
}
