package io.weft.dcs;

import java.util.Optional;

/** What became of a write. A stage with it completes exceptionally only for errors of the program. */
public sealed interface WriteResult {

  /**
   * It happened.
   *
   * @param revision of the change; of a deletion that found nothing, any revision that is not newer than the store's
   */
  record Done(long revision) implements WriteResult {}

  /**
   * It did not happen, because something else was expected.
   *
   * @param current what is there instead; empty if there is nothing. A hint: it may have been read a little later
   */
  record Conflict(Optional<Entry> current) implements WriteResult {}

  /** It did not happen, because the session that the key should go with has ended. */
  record SessionLost() implements WriteResult {}

  /**
   * It did not happen and never will. Trying again is safe; the reason says if it is of use: no quorum, no connection, read-only,
   * ...
   */
  record Refused(String reason) implements WriteResult {}

  /**
   * Nobody knows: it may have happened, may yet happen, or not at all. Read before you do anything that must not be done twice.
   */
  record Indeterminate(String reason) implements WriteResult {}

  /** Whether it happened for sure. */
  default boolean isDone() {
    return this instanceof Done;
  }

  /**
   * The revision of the change.
   *
   * @throws DcsUnavailable with one line that says what came instead, if it did not happen for sure
   */
  default long orThrow() throws DcsUnavailable {
    if (this instanceof Done done) {
      return done.revision;
    }
    throw new DcsUnavailable(toString());
  }
}
