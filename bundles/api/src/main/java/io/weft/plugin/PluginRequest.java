package io.weft.plugin;

import java.util.List;

/**
 * A change that somebody wants.
 *
 * @param what paths or URLs of jars, or {@code NAME} and {@code NAME@VERSION} of a catalogue, to install or update; names of plugins to
 *     remove; nothing to roll back
 */
public record PluginRequest(Verb verb, List<String> what) {

  /** What to do. */
  public enum Verb {
    install,
    update,
    remove,
    /** Back to the set before the latest change. */
    rollback
  }

  public PluginRequest {
    what = List.copyOf(what);
    if (what.isEmpty() != (verb == Verb.rollback)) {
      throw new IllegalArgumentException(verb == Verb.rollback ? "a rollback names nothing" : "nothing to " + verb);
    }
  }
}
