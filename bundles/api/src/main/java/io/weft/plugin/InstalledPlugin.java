package io.weft.plugin;

/**
 * A bundle that an operator added, or wants to add.
 *
 * @param name its symbolic name; of a jar that brought no bundle, that of its file
 * @param bundleId {@link #NO_BUNDLE} if a jar in the deploy folder was refused
 * @param origin {@code plugin}, {@code bundle} (by {@code bundle:install}) or {@code deploy} (from the deploy folder)
 * @param reason why it does not run, in words; empty if it does or is not meant to
 * @param failures starts that failed since the last good one
 */
public record InstalledPlugin(String name, String version, long bundleId, String origin, State state, String reason, int failures) {

  /** In place of the id of a bundle, where there is none. */
  public static final long NO_BUNDLE = -1;

  /** How a plugin is doing. */
  public enum State {
    active,
    starting,
    stopped,
    /** It should run and does not. */
    failed,
    /** It failed so often that it is not tried again by itself. */
    quarantined
  }
}
