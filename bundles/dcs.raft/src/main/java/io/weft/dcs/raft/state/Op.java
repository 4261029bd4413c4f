package io.weft.dcs.raft.state;

import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.dcs.Write;

/**
 * One part of a write.
 *
 * @param value empty unless it is a put
 * @param session id of the session that the key goes with; empty for none
 */
public record Op(Kind kind, String key, byte[] value, Expect expect, String session) {

  /** What it does. */
  public enum Kind { PUT, DELETE, CHECK }

  private static final byte[] NOTHING = {};

  public static Op of(Write write) {
    if (write instanceof Write.Put put) {
      return new Op(Kind.PUT, put.key(), put.value(), put.expect(), put.session().map(Session::id).orElse(""));
    }
    Kind kind = write instanceof Write.Delete ? Kind.DELETE : Kind.CHECK;
    return new Op(kind, write.key(), NOTHING, write.expect(), "");
  }
}
