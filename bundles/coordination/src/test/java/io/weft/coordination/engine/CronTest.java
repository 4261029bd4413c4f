package io.weft.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "'* * * * *', 2026-01-01T00:00:30Z, 2026-01-01T00:01:00Z",
    "'*/15 * * * *', 2026-01-01T00:15:00Z, 2026-01-01T00:30:00Z",
    "'0 0 1 1 *', 2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z",
    "'30 4 * * mon-fri', 2026-01-02T05:00:00Z, 2026-01-05T04:30:00Z",
    "'0 12 * * 7', 2026-01-01T00:00:00Z, 2026-01-04T12:00:00Z",
    "'0 0 29 2 *', 2026-01-01T00:00:00Z, 2028-02-29T00:00:00Z",
    "'0 0 13 * fri', 2026-01-01T00:00:00Z, 2026-01-02T00:00:00Z",
    "'5,10-12 8/6 * feb *', 2026-01-01T00:00:00Z, 2026-02-01T08:05:00Z"
  })
  void findsTheNextTime(String expression, Instant after, Instant next) {
    assertThat(new Cron(expression, ZoneId.of("UTC")).next(after)).isEqualTo(next);
  }

  @Test
  void whatSummerTimeSkipsIsDueAtTheChange() {
    Cron cron = new Cron("30 2 * * *", BERLIN);
    Instant change = Instant.parse("2026-03-29T01:00:00Z");
    assertThat(cron.next(Instant.parse("2026-03-28T12:00:00Z"))).isEqualTo(change);
    assertThat(cron.next(change)).isEqualTo(Instant.parse("2026-03-30T00:30:00Z"));
  }

  @Test
  void whatComesTwiceIsDueOnce() {
    Cron cron = new Cron("30 2 * * *", BERLIN);
    Instant first = Instant.parse("2026-10-25T00:30:00Z");
    assertThat(cron.next(Instant.parse("2026-10-24T12:00:00Z"))).isEqualTo(first);
    assertThat(cron.next(first)).isEqualTo(Instant.parse("2026-10-26T01:30:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
      "a * * * *",
    "5-1 * * * *", "*/0 * * * *", "1/2/3 * * * *", "0 0 30 2 *", "-1 * * * *", "1, * * * *"})
  void refusesWhatIsWrong(String expression) {
    assertThatThrownBy(() -> new Cron(expression, BERLIN)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whateverComesIsReadOrRefused() {
    List<byte[]> samples = List.of("*/5 1-3,7 1 jan-mar mon".getBytes(StandardCharsets.UTF_8),
        "0 0 29 2 *".getBytes(StandardCharsets.UTF_8));
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    new Fuzz(1, samples, 40).run(100_000, IllegalArgumentException.class, bytes -> {
      Instant next = new Cron(new String(bytes, StandardCharsets.UTF_8), BERLIN).next(now);
      if (!next.isAfter(now)) {
        throw new IllegalStateException("the next time is not later");
      }
    });
  }
}
