package io.weft.discovery.basic;

import io.weft.path.Candidate;
import java.util.List;

/** One way to ask where a peer is. Blocks for a few seconds at most; not on a loop. */
interface Lookup {

  /** At least one and at most 16, best first, in the same order for the same answer. */
  List<Candidate> candidates() throws LookupFailed;

  /** No answer, or none that is of use. Trying again later may help. */
  final class LookupFailed extends Exception {
    private static final long serialVersionUID = 1L;

    LookupFailed(String message) {
      super(message);
    }

    LookupFailed(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
