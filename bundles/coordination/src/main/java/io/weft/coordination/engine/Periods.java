package io.weft.coordination.engine;

import io.weft.coordination.Schedule;
import java.time.Instant;

/** The periods of a schedule. */
interface Periods {

  /** The first one after that moment. */
  Instant next(Instant after);

  /** @throws IllegalArgumentException if it is a cron expression that cannot be read */
  static Periods of(Schedule schedule) {
    if (schedule instanceof Schedule.Cron cron) {
      return new Cron(cron.expression(), cron.zone())::next;
    }
    long millis = ((Schedule.Every) schedule).interval().toMillis();
    return after -> Instant.ofEpochMilli(Math.floorDiv(after.toEpochMilli(), millis) * millis + millis);
  }
}
