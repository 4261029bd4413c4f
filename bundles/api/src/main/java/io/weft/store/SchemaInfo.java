package io.weft.store;

import java.util.List;

/**
 * A schema and its migrations.
 *
 * @param state what is so
 * @param version number of the last applied migration; 0 if there is none
 * @param target number of the last migration that this node knows
 * @param held whether it was taken back on purpose, so that nothing is applied until somebody says so
 * @param message one line for people: what is so, and what to do about it
 * @param steps every migration that is known here or was applied, in order
 */
public record SchemaInfo(String schema, State state, int version, int target, boolean held, String message, List<Step> steps) {

  /** How a schema relates to what its source says. */
  public enum State {
    /** Nothing was found out so far, or the database does not answer. */
    UNKNOWN,
    /** It is not there. */
    ABSENT,
    /** Some migrations are not applied. */
    BEHIND,
    /** All are applied. */
    READY,
    /** A later version of the plugin applied more than this one knows. */
    AHEAD,
    /** It was not made by the store, but looks as the migrations up to {@link SchemaInfo#version} leave it. */
    ADOPTABLE,
    /** It was not made by the store and looks different. */
    FOREIGN,
    /** What was applied is not what the plugin has: a checksum differs, or a number is missing. */
    CHANGED,
    /** The last attempt failed, or something is in the way. */
    FAILED
  }

  public SchemaInfo {
    steps = List.copyOf(steps);
  }
}
