package io.weft.support.stun;

/** Bytes that are no STUN message. The right answer is none. */
public final class MalformedStun extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedStun(String message) {
    super(message, null, false, false); // Strangers can cause many of them: no stack traces.
  }
}
