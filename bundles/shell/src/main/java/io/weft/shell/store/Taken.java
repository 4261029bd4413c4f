package io.weft.shell.store;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import java.time.Instant;

/**
 * A snapshot that was just taken.
 *
 * @param held how many keys go with a session and are left out
 */
public record Taken(Saved saved, int held) {

  /** Reads the whole store, as of one revision. Blocks. */
  public static Taken of(Dcs dcs, String fabric, Instant now) throws DcsUnavailable, InterruptedException {
    Contents contents = new Store(dcs, (done, of) -> {}, millis -> {}).read();
    return new Taken(new Saved(dcs.backend(), fabric, now, contents.revision(), contents.values()), contents.held().size());
  }
}
