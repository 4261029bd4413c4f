package io.weft.coordination.engine;

import io.weft.coordination.Misfire;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to do next: run a period now, or wait for one.
 *
 * @param now the period to run at once; null to wait
 * @param skipTo up to where periods are left out before; null for nothing
 * @param next the period to wait for
 */
record Due(@Nullable Instant now, @Nullable Instant skipTo, Instant next) {

  /** A period counts as missed when it is this late; less is how computers are. */
  static final Duration LATE = Duration.ofSeconds(15);

  private static final int ALL_MAX = 1_000;

  /** @param token of our lease: what was begun under it and does not run was not begun, only noted */
  static Due of(Periods periods, Cursor cursor, Instant now, Misfire misfire, long token) {
    if (cursor.running() && (misfire != Misfire.SKIP || cursor.token() == token)) {
      return new Due(cursor.period(), null, periods.next(cursor.period())); // begun by somebody who was lost
    }
    Instant first = periods.next(cursor.period());
    if (first.isAfter(now)) {
      return new Due(null, null, first);
    }
    if (misfire == Misfire.ALL) {
      Instant oldest = now;
      int count = 0;
      for (Instant p = first; !p.isAfter(now) && count <= ALL_MAX; p = periods.next(p)) {
        oldest = count == 0 ? p : oldest;
        count++;
      }
      return count <= ALL_MAX ? new Due(oldest, null, periods.next(oldest)) : of(periods, cursor, now, Misfire.LATEST, token);
    }
    Instant newest = newest(periods, first, now);
    boolean missed = Duration.between(newest, now).compareTo(LATE) > 0;
    return misfire == Misfire.SKIP && missed ? new Due(null, newest, periods.next(newest)) : new Due(newest, null,
        periods.next(newest));
  }

  /** Of many missed periods the last; found by halving, because a job may have slept for years. */
  private static Instant newest(Periods periods, Instant first, Instant now) {
    Instant low = first;
    Instant high = now;
    while (Duration.between(low, high).compareTo(Duration.ofSeconds(1)) > 0) {
      Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
      Instant period = periods.next(middle);
      if (period.isAfter(now)) {
        high = middle;
      } else {
        low = period;
      }
    }
    for (Instant p = periods.next(low); !p.isAfter(now); p = periods.next(p)) {
      low = p;
    }
    return low;
  }
}
