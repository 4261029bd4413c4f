package io.weft.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a change would do, to be shown before it is done.
 *
 * @param summary one line: {@code install org.example.a 1.0.0}
 * @param moves bundles that come, change and go
 * @param wires what each of those that come will be wired to
 * @param restarts bundles that are not part of the change and restart because of it
 * @param core those of {@code restarts} that came with the node
 * @param handovers services that come, go or change hands
 * @param settings configuration that is new or lost
 * @param problems why it should not be done, one line each
 * @param basis stands for the set that the plan is made for
 */
public record PluginPlan(
    String summary,
    List<Move> moves,
    List<Wire> wires,
    List<Restart> restarts,
    List<String> core,
    List<Handover> handovers,
    List<SettingChange> settings,
    List<String> problems,
    String basis) {

  public PluginPlan {
    moves = List.copyOf(moves);
    wires = List.copyOf(wires);
    restarts = List.copyOf(restarts);
    core = List.copyOf(core);
    handovers = List.copyOf(handovers);
    settings = List.copyOf(settings);
    problems = List.copyOf(problems);
  }

  /** Whether it is done only if forced. */
  public boolean mustBeForced() {
    return !core.isEmpty() || !problems.isEmpty();
  }

  /** What happens to a bundle. */
  public enum Kind {
    add,
    replace,
    remove
  }

  /**
   * A bundle that comes, changes or goes.
   *
   * @param from version before, empty if it comes
   * @param to version after, empty if it goes
   * @param location under which the framework knows it
   * @param jar its content after the change, if it does not go
   * @param sha256 of {@code jar}, empty if it goes
   * @param trust one line on who vouches for it
   * @param source where it comes from, in words: a path, {@code the catalogue acme}; with {@code , needed by NAME} if nobody named it
   */
  public record Move(Kind kind, String name, String from, String to, String location, Optional<Path> jar, String sha256, String trust,
      String source) {}

  /**
   * What a requirement of a bundle will be met by.
   *
   * @param needs in words, {@code package io.weft.secret [1.0,2)}
   * @param from a bundle, empty if nothing meets it
   */
  public record Wire(String bundle, String needs, String from) {}

  /** A bundle that restarts, and why. */
  public record Restart(String bundle, String because) {}

  /**
   * A service that comes, goes or changes hands.
   *
   * @param from bundle that provides it now, or empty
   * @param to bundle that will, or empty
   * @param users bundles that use it now
   */
  public record Handover(String service, String from, String to, List<String> users) {

    public Handover {
      users = List.copyOf(users);
    }
  }

  /**
   * A key of the configuration that appears or disappears.
   *
   * @param key as in {@code weft.yaml}
   * @param lost whether it disappears
   * @param note what to do about it, if anything
   */
  public record SettingChange(String key, boolean lost, String note) {}
}
