package io.weft.store;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long a call to the database may take, all in all: waiting for a connection, the work, the commit.
 *
 * @param within more than zero
 * @param goOn asked several times a second from another thread; must return at once. False cancels what runs. For a job that is
 *     {@code run::isActive}
 */
public record Bounds(Duration within, BooleanSupplier goOn) {

  public Bounds {
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException("a call to the database takes some time");
    }
  }

  public static Bounds within(Duration within) {
    return new Bounds(within, () -> true);
  }

  /** The same time, given up as soon as this is false. */
  public Bounds whileTrue(BooleanSupplier goOn) {
    return new Bounds(within, goOn);
  }
}
