package io.weft.shell.frame;

import io.weft.dcs.Dcs;
import io.weft.node.CommandFailure;
import io.weft.node.Examination;
import io.weft.node.ListenerSource;
import io.weft.node.Registration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** What commands work with. Everything may come and go at any moment: ask again for each use. */
public interface Services {

  /** The service of that type, if there is one now. */
  <T> Optional<T> find(Class<T> type);

  /** Why there is no service of that type, as a sentence part: {@code bundle io.weft.mesh is not installed}. */
  String whyMissing(Class<?> type);

  /** The stores that are there, one of a kind. */
  List<Dcs> stores();

  List<ListenerSource> listenerSources();

  List<Examination> examinations();

  /** All installed bundles, by id. */
  List<Bundle> bundles();

  /** Our own commands by name. */
  Map<String, Command> commands();

  Instant now();

  /**
   * Calls {@code task} when the shell is stopped or updated, so that sessions that run its code can end. It must return at once.
   */
  Registration onStop(Runnable task);

  /** @throws CommandFailure (precondition) if there is none; says which part is not running and why */
  default <T> T need(Class<T> type) {
    return find(type).orElseThrow(() -> new CommandFailure(CommandFailure.PRECONDITION,
        Owners.part(type) + " is not running (" + whyMissing(type) + ")"));
  }
}
