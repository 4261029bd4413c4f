package io.weft.coordination;

import java.time.Duration;
import java.time.ZoneId;

/** When a job is due. All nodes agree on the periods, because they follow from the schedule and the wall clock alone. */
public sealed interface Schedule {

  /** At whole multiples of the interval since 1970-01-01T00:00:00Z. */
  record Every(Duration interval) implements Schedule {
    public Every {
      if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("a job runs once a second at most");
      }
    }
  }

  /**
   * At the times that a cron expression of five fields names: minute, hour, day of month, month, day of week, with lists, ranges,
   * steps and three-letter names. A time that the change to summer time skips is due at the moment of the change; one that comes
   * twice is due the first time.
   */
  record Cron(String expression, ZoneId zone) implements Schedule {}

  static Schedule every(Duration interval) {
    return new Every(interval);
  }

  static Schedule cron(String expression, ZoneId zone) {
    return new Cron(expression, zone);
  }
}
