package io.weft.dcs;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes what changes. Called one call at a time, on a thread of the backend; returns at once. For each key, changes come in the
 * order of their revisions. A change may come twice, also after a reset; values that were replaced soon may be left out, the last
 * one never is.
 */
@ConsumerType
public interface Watcher {

  /**
   * The whole state; replaces whatever was told before: keys that are not in it are gone. First of all when the watch began at 0,
   * and whenever the backend lost track (compaction, a long interruption, no history).
   */
  void reset(Snapshot snapshot);

  /** What changed since, in the order of revisions. Not empty. */
  void changed(List<Change> changes);

  /**
   * The store cannot be heard since now, so what is known grows old. Followed by a reset or changes, or nothing if nothing
   * changed.
   */
  default void interrupted(String reason) {}

  /** The store is heard again, and everything that was missed has been told. */
  default void resumed() {}
}
