package io.weft.testkit.history;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation on a register with compare-and-set, as a client saw it.
 *
 * @param from CAS: the value expected; null for "absent"
 * @param to PUT and CAS: the value written
 * @param read GET: the value seen; null for "absent"
 * @param ok CAS: what was reported
 * @param called when it was sent
 * @param returned when the answer came; {@link #NEVER} if none did: it may take effect at any time after the call, or not at all
 */
public record Operation(
    Kind kind, String key, @Nullable Integer from, @Nullable Integer to, @Nullable Integer read, boolean ok, long called, long returned) {

  public static final long NEVER = Long.MAX_VALUE;

  /** What was asked. */
  public enum Kind {
    GET,
    PUT,
    CAS
  }

  public static Operation get(String key, @Nullable Integer read, long called, long returned) {
    return new Operation(Kind.GET, key, null, null, read, true, called, returned);
  }

  public static Operation put(String key, int value, long called, long returned) {
    return new Operation(Kind.PUT, key, null, value, null, true, called, returned);
  }

  public static Operation cas(String key, @Nullable Integer from, int to, boolean ok, long called, long returned) {
    return new Operation(Kind.CAS, key, from, to, null, ok, called, returned);
  }

  /** Nobody knows what became of it. */
  public boolean isUnknown() {
    return returned == NEVER;
  }

  /** Whether what was observed is possible on a register that holds {@code state}. */
  boolean isPossible(@Nullable Integer state) {
    return isUnknown() || switch (kind) {
      case GET -> Objects.equals(read, state);
      case PUT -> true;
      case CAS -> ok == Objects.equals(from, state);
    };
  }

  /** What the register holds after it took effect on {@code state}. */
  @Nullable Integer apply(@Nullable Integer state) {
    return switch (kind) {
      case GET -> state;
      case PUT -> to;
      case CAS -> Objects.equals(from, state) ? to : state;
    };
  }
}
