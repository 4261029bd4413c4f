package io.weft.dcs.raft.state;

import io.weft.dcs.Change;
import java.util.List;

/**
 * What changed after a revision.
 *
 * @param known whether the history reaches back that far; if not, there are no changes here
 * @param upTo no change up to this revision is missing
 * @param more whether there are more to ask for
 */
public record News(boolean known, List<Change> changes, long upTo, boolean more) {

  public News {
    changes = List.copyOf(changes);
  }
}
