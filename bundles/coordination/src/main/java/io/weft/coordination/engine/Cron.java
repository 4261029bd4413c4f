package io.weft.coordination.engine;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A cron expression of five fields. If both day of month and day of week are restricted, a day that fits either is taken, as cron
 * does.
 */
final class Cron {

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final int TEXT_MAX = 200;
  private static final int DAYS_AHEAD_MAX = 366 * 9; // the 29th of February is at most eight years away

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet monthDays;
  private final BitSet months;
  private final BitSet weekDays;
  private final boolean anyMonthDay;
  private final boolean anyWeekDay;
  private final ZoneId zone;

  /** @throws IllegalArgumentException with one line that says which field is wrong */
  Cron(String expression, ZoneId zone) {
    String[] fields = expression.length() > TEXT_MAX ? new String[0] : expression.strip().toLowerCase(Locale.ROOT).split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException("a cron expression has five fields: minute, hour, day of month, month, day of week");
    }
    this.minutes = field("minute", fields[0], 0, 59, List.of());
    this.hours = field("hour", fields[1], 0, 23, List.of());
    this.monthDays = field("day of month", fields[2], 1, 31, List.of());
    this.months = field("month", fields[3], 1, 12, MONTHS);
    this.weekDays = field("day of week", fields[4], 0, 7, DAYS);
    if (weekDays.get(7)) {
      weekDays.set(0); // both are Sunday
    }
    this.anyMonthDay = fields[2].startsWith("*");
    this.anyWeekDay = fields[4].startsWith("*");
    this.zone = zone;
    if (days(LocalDate.of(2024, 1, 1)) < 0) {
      throw new IllegalArgumentException("this cron expression never comes: there is no such day");
    }
  }

  /** The first time after that one. */
  Instant next(Instant after) {
    LocalDateTime local = LocalDateTime.ofInstant(after, zone).truncatedTo(ChronoUnit.MINUTES);
    while (true) {
      local = nextLocal(local.plusMinutes(1));
      List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
      Instant instant = offsets.isEmpty()
          ? zone.getRules().getTransition(local).getInstant() // skipped by summer time: at the moment of the change
          : local.toInstant(offsets.get(0)); // twice in autumn: the first one
      if (instant.isAfter(after)) {
        return instant;
      }
    }
  }

  private LocalDateTime nextLocal(LocalDateTime from) {
    LocalDate day = from.toLocalDate();
    int minuteOfDay = fits(day) ? minuteOfDay(from.getHour() * 60 + from.getMinute()) : -1;
    if (minuteOfDay < 0) {
      day = day.plusDays(1 + days(day.plusDays(1)));
      minuteOfDay = minuteOfDay(0);
    }
    return day.atTime(LocalTime.of(minuteOfDay / 60, minuteOfDay % 60));
  }

  /** The first that fits from that one on, or -1 if there is none left on the day. */
  private int minuteOfDay(int from) {
    for (int hour = hours.nextSetBit(from / 60); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
      int minute = minutes.nextSetBit(hour == from / 60 ? from % 60 : 0);
      if (minute >= 0) {
        return hour * 60 + minute;
      }
    }
    return -1;
  }

  /** How many days after that one the first that fits is, or -1 if there is none. */
  private int days(LocalDate from) {
    for (int i = 0; i < DAYS_AHEAD_MAX; i++) {
      if (fits(from.plusDays(i))) {
        return i;
      }
    }
    return -1;
  }

  private boolean fits(LocalDate day) {
    boolean monthDay = monthDays.get(day.getDayOfMonth());
    boolean weekDay = weekDays.get(day.getDayOfWeek().getValue() % 7);
    boolean dayFits = anyMonthDay || anyWeekDay ? monthDay && weekDay : monthDay || weekDay;
    return months.get(day.getMonthValue()) && dayFits;
  }

  private static BitSet field(String name, String text, int least, int most, List<String> names) {
    BitSet set = new BitSet();
    for (String part : text.split(",", -1)) {
      String[] stepped = part.split("/", -1);
      String range = stepped[0];
      int step = stepped.length == 1 ? 1 : number(name, stepped[1], 1, most, List.of(), least);
      int from = least;
      int to = most;
      if (!range.equals("*")) {
        int dash = range.indexOf('-');
        from = number(name, dash < 0 ? range : range.substring(0, dash), least, most, names, least);
        to = dash >= 0 ? number(name, range.substring(dash + 1), least, most, names, least) : stepped.length == 1 ? from : most;
      }
      if (stepped.length > 2 || to < from) {
        throw new IllegalArgumentException("cron field '" + name + "': '" + part + "' is not a number, range or step");
      }
      for (int i = from; i <= to; i += step) {
        set.set(i);
      }
    }
    return set;
  }

  private static int number(String field, String text, int least, int most, List<String> names, int firstName) {
    int named = names.indexOf(text);
    if (named >= 0) {
      return named + firstName;
    }
    if (text.matches("\\d{1,2}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("cron field '" + field + "': expected " + least + " to " + most
        + (names.isEmpty() ? "" : " or " + names.get(0) + " to " + names.get(names.size() - 1)));
  }
}
