package io.weft.shell.noun;

import io.weft.dcs.Dcs;
import io.weft.node.CommandFailure;
import io.weft.node.Settings;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.List;
import java.util.stream.Collectors;

/** Which store a command is about, where a node has several. */
final class Stores {

  private static final String BACKEND = "--backend";

  private Stores() {}

  /** A command that can be told which store. */
  static Spec choosable(Spec spec) {
    return spec.option(BACKEND, "NAME", "Which store, such as etcd. Left out, the one that the node coordinates on.",
        Values.STORES);
  }

  /**
   * The one that the command names, else that of {@code coordination.backend}, else the only one: as the engine chooses.
   *
   * @throws CommandFailure (precondition) if that is none; says what to do
   */
  static Dcs chosen(Invocation in) {
    if (in.option(BACKEND).isPresent()) {
      return named(in, in.option(BACKEND).get());
    }
    List<Dcs> all = in.services().stores();
    String configured = configured(in.services());
    if (!configured.isEmpty() && !all.isEmpty()) {
      return all.stream().filter(d -> d.backend().equals(configured)).findFirst().orElseThrow(() -> failure(
          (configured.equals("none") ? "coordination is off (coordination.backend: none); "
              : "the store '" + configured + "' (coordination.backend) is not there; ")
              + there(all) + ", which --backend chooses"));
    }
    if (all.size() > 1) {
      throw failure("several stores are there: " + names(all) + "; choose with --backend or coordination.backend");
    }
    return all.isEmpty() ? in.services().need(Dcs.class) : all.get(0);
  }

  static Dcs named(Invocation in, String name) {
    List<Dcs> all = in.services().stores();
    return all.stream().filter(d -> d.backend().equals(name)).findFirst().orElseThrow(() -> failure(
        "there is no store '" + Text.clean(name) + "' here; " + there(all)));
  }

  /** Empty if none is named. */
  static String configured(Services services) {
    return services.find(Settings.class).stream().flatMap(s -> s.all().stream())
        .filter(s -> s.key().equals("coordination.backend")).map(s -> s.value()).findFirst().orElse("");
  }

  private static String there(List<Dcs> all) {
    return all.isEmpty() ? "none is installed and configured" : "there is " + names(all);
  }

  private static String names(List<Dcs> all) {
    return all.stream().map(Dcs::backend).sorted().collect(Collectors.joining(", "));
  }

  private static CommandFailure failure(String message) {
    return new CommandFailure(CommandFailure.PRECONDITION, message);
  }
}
