package io.weft.node;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Lets what a bundle holds open, such as sockets, pass to the next version of the same bundle when it is updated. Each bundle that gets
 * this service has one of its own and finds in it only what was left under the same bundle id and symbolic name: no other bundle can
 * claim it. Any thread.
 *
 * <p>Nothing rests in between: who leaves an {@link Estate} goes on working although its bundle has stopped, and lets go of one thing
 * after the other as the next version takes it ({@code docs/adr/0010-succession.md}).
 */
@ProviderType
public interface Succession {

  /** How long an estate waits for the next version. */
  Duration WAIT = Duration.ofSeconds(10);

  /**
   * Leaves something for the next version. For {@code deactivate}: the caller then goes on until {@link Estate#expired}, or until nothing
   * is left, which it says by closing the registration; then its classes can go. If the result is empty nobody will come, because the
   * bundle does not stop (its component merely ends) or everything does, and the caller closes what it has.
   */
  Optional<Registration> leave(Estate estate);

  /** What the last version left, once. Empty for the first version, or if it came too late. */
  Optional<Estate> claim();

  /** What a version leaves to the next. Made by the one, used by the other: both must know what the things mean. */
  interface Estate {

    /**
     * The things by name; only of types that both versions see as the same: of the JDK, of the API, of libraries in bundles of their
     * own. The first is {@code format}, an Integer: who does not know the number takes nothing.
     */
    Map<String, Object> things();

    /** How long after it was claimed what the next version has not taken, or cannot take, may go on. */
    default Duration goesOnFor() {
      return WAIT;
    }

    /**
     * Called at most once, on any thread: {@link #WAIT} after it was left and nobody came, {@link #goesOnFor} after it was claimed, at once if
     * the bundle is uninstalled or the node ends. Closes what was not taken; must return at once.
     */
    void expired();
  }
}
