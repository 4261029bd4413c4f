package io.weft.relay.server;

/** Until when an address may send to an allocation and be sent to, in monotonic time. */
final class Permission {

  long until;

  boolean holds(long now) {
    return until - now > 0;
  }
}
