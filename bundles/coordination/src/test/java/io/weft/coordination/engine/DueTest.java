package io.weft.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.coordination.Misfire;
import io.weft.coordination.Schedule;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DueTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private final Periods hourly = Periods.of(Schedule.every(Duration.ofHours(1)));

  @Test
  void waitsForWhatIsNotDue() {
    Due due = due(new Cursor(NOON, 1, false), NOON.plusSeconds(60), Misfire.LATEST);
    assertThat(due.now()).isNull();
    assertThat(due.next()).isEqualTo(NOON.plusSeconds(3_600));
  }

  @Test
  void whatIsDueRunsWhateverThePolicy() {
    for (Misfire misfire : Misfire.values()) {
      Due due = due(new Cursor(NOON, 1, false), NOON.plusSeconds(3_601), misfire);
      assertThat(due.now()).as(misfire.name()).isEqualTo(NOON.plusSeconds(3_600));
    }
  }

  @Test
  void missedPeriodsAreLeftOutMadeUpForOnceOrAllMadeUpFor() {
    Instant later = NOON.plus(Duration.ofHours(5)).plusSeconds(600);
    Cursor cursor = new Cursor(NOON, 1, false);
    Due skip = due(cursor, later, Misfire.SKIP);
    assertThat(skip.now()).isNull();
    assertThat(skip.skipTo()).isEqualTo(NOON.plus(Duration.ofHours(5)));
    assertThat(due(cursor, later, Misfire.LATEST).now()).isEqualTo(NOON.plus(Duration.ofHours(5)));
    assertThat(due(cursor, later, Misfire.ALL).now()).isEqualTo(NOON.plus(Duration.ofHours(1)));
  }

  @Test
  void aRunThatWasLostIsMadeUpFor() {
    Cursor begun = new Cursor(NOON, 1, true);
    assertThat(due(begun, NOON.plusSeconds(60), Misfire.LATEST).now()).isEqualTo(NOON);
    assertThat(due(begun, NOON.plusSeconds(60), Misfire.ALL).now()).isEqualTo(NOON);
    assertThat(due(begun, NOON.plusSeconds(60), Misfire.SKIP).now()).isNull();
    assertThat(Due.of(hourly, begun, NOON.plusSeconds(60), Misfire.SKIP, 1).now()).as("noted, and never begun").isEqualTo(NOON);
  }

  @Test
  void yearsOfSleepCostNothing() {
    Periods everySecond = Periods.of(Schedule.every(Duration.ofSeconds(1)));
    Instant later = NOON.plus(Duration.ofDays(3_650));
    assertThat(Due.of(everySecond, new Cursor(NOON, 1, false), later, Misfire.ALL,
        9).now()).as("too many to make up for").isEqualTo(later);
    assertThat(Due.of(everySecond, new Cursor(NOON, 1, false), later, Misfire.LATEST, 9).now()).isEqualTo(later);
  }

  private Due due(Cursor cursor, Instant now, Misfire misfire) {
    return Due.of(hourly, cursor, now, misfire, 9);
  }
}
