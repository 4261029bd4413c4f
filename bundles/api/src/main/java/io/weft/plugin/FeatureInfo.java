package io.weft.plugin;

import java.util.List;

/**
 * A feature of the distribution.
 *
 * @param title a word or two for people
 * @param bundles its bundles as {@code group:artifact:version}
 * @param own those that no other feature of this node has: they come and go with it
 */
public record FeatureInfo(String name, String title, String description, State state, List<String> bundles, List<String> own) {

  /** Whether it is in this node, and since when. */
  public enum State {
    /** It was asked for when the node was started. */
    started,
    /** An operator added it to the running node. */
    added,
    /** It is in the distribution only. */
    available
  }

  public FeatureInfo {
    bundles = List.copyOf(bundles);
    own = List.copyOf(own);
  }
}
