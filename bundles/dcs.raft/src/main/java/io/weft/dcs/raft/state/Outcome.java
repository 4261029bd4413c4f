package io.weft.dcs.raft.state;

import io.weft.dcs.Entry;
import io.weft.dcs.WriteResult;
import java.util.Optional;

/** What became of a command. */
public sealed interface Outcome {

  /** It was done. */
  record Done(long revision) implements Outcome {}

  /** Something else was expected. */
  record Conflict(Optional<Entry> current) implements Outcome {}

  /** There is no such session. */
  record NoSession() implements Outcome {}

  /** The session has this id. */
  record Opened(String session) implements Outcome {}

  /** Nobody understands it. */
  record Malformed(String why) implements Outcome {}

  /** As callers of the API know it. */
  default WriteResult asResult() {
    if (this instanceof Done done) {
      return new WriteResult.Done(done.revision);
    } else if (this instanceof Conflict conflict) {
      return new WriteResult.Conflict(conflict.current);
    } else if (this instanceof NoSession) {
      return new WriteResult.SessionLost();
    }
    return new WriteResult.Refused("raft: " + this);
  }
}
