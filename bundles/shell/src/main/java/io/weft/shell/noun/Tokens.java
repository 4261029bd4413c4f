package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Invocation;

/**
 * Fencing tokens are revisions of the store. A store that is given the keys of another one must not hand out smaller ones, or what
 * guards itself with them refuses every new holder.
 */
final class Tokens {

  static final String START_AGAIN = "--tokens-start-again";
  static final String DESCRIPTION =
      "Let fencing tokens be smaller than before; only if nothing remembers them.";

  private static final long WRITES_MAX = 200_000;

  private Tokens() {}

  /**
   * How many writes are to be made only to bring the revision up.
   *
   * @throws CommandFailure if they are too many
   */
  static long writes(Invocation in, long behind) {
    if (in.flag(START_AGAIN)) {
      return 0;
    }
    if (behind > WRITES_MAX) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "fencing tokens would start again: the store is " + behind
          + " revisions behind, which is too far to catch up with by writing; add " + START_AGAIN + " if nothing remembers them");
    }
    return behind;
  }

  static void show(Invocation in, long writes, long behind) {
    if (writes > 0) {
      in.out().line(in.yes() ? "" : "would ", "write up to " + writes + " times more, so that fencing tokens go on growing");
    } else if (behind > 0) {
      in.out().line(Cell.warn("fencing tokens start again, smaller than before"));
    }
  }
}
