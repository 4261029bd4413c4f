package io.weft.shell.frame;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** A command: what it is and what it does. Gogo calls it with the words after its name. */
public final class Command implements Function {

  /** What a command does. Runs on a thread of the caller's session, which is interrupted to cancel it. */
  @FunctionalInterface
  public interface Action {
    void run(Invocation in) throws Exception;
  }

  private final Spec spec;
  private final Services services;
  private final Action action;

  public Command(Services services, Action action, Spec spec) {
    this.spec = spec;
    this.services = services;
    this.action = action;
  }

  public Spec spec() {
    return spec;
  }

  @Override
  public @Nullable Object execute(CommandSession session, List<Object> arguments) throws Exception {
    try (Output out = Output.of(session)) {
      Invocation in = Invocation.parse(spec, arguments.stream().map(String::valueOf).toList(), services, session, out);
      if (in.flag(Spec.HELP)) {
        Help.print(spec, out);
      } else {
        action.run(in);
      }
    }
    return null; // printed already; a result would be printed by Gogo
  }
}
