package io.weft.billing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * One hour in UTC: what is charged once per account.
 *
 * @param start its first moment; a whole hour
 */
public record Hour(Instant start) implements Comparable<Hour> {

  private static final String PREFIX = "hour:";
  private static final DateTimeFormatter KEY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH", Locale.ROOT).withZone(ZoneOffset.UTC);

  public Hour {
    if (!start.equals(start.truncatedTo(ChronoUnit.HOURS))) {
      throw new IllegalArgumentException("an hour begins at a whole hour, not at " + start);
    }
  }

  /** The hour that this moment is in. */
  public static Hour of(Instant moment) {
    return new Hour(moment.truncatedTo(ChronoUnit.HOURS));
  }

  /** @throws IllegalArgumentException if it is not a key such as {@code hour:2026-01-31T09} */
  public static Hour parse(String key) {
    String text = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
    if (text.length() != "2026-01-31T09".length()) {
      throw new IllegalArgumentException("expected an hour such as 2026-01-31T09, in UTC");
    }
    try {
      return new Hour(Instant.parse(text + ":00:00Z"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("expected an hour such as 2026-01-31T09, in UTC", e);
    }
  }

  /** Names it wherever it is kept: {@code hour:2026-01-31T09}. */
  public String key() {
    return PREFIX + KEY.format(start);
  }

  /** That many hours later, or earlier if negative. */
  public Hour plus(long hours) {
    return new Hour(start.plus(hours, ChronoUnit.HOURS));
  }

  @Override
  public int compareTo(Hour other) {
    return start.compareTo(other.start);
  }

  @Override
  public String toString() {
    return key();
  }
}
