package io.weft.billing.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.Hour;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.support.JsonReader;
import io.weft.testkit.job.FakeJobRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(WithPostgres.class)
class StatementFilesTest {

  @Test
  void oneLinePerAccountAndTheSameAgainWhenItIsDoneAgain(Rig rig, @TempDir Path home) throws Exception {
    rig.accounts(3, 524_288_000L + (10L << 30), Hour.of(Rig.NOON));
    rig.pass(Duration.ofHours(2));
    rig.deduction("n").run(rig.run(), "dcs");
    rig.execute("INSERT INTO entries (account, type, amount, reference, actor) VALUES (2, 'adjustment', 5, 'x', 'op')");
    FakeJobRun april = new FakeJobRun("statement-export", Instant.parse("2026-04-01T00:10:00Z"), 1, rig.time,
        Duration.ofMinutes(5));
    Path file = home.resolve("data/billing/statements/statements-2026-03.csv");
    for (int i = 0; i < 2; i++) {
      new StatementFiles(rig.books(), home, StatementForm.CSV, 36).export(april);
      assertThat(Files.readAllLines(file)).containsExactly("account,opening,charges,deposits,adjustments,closing",
          "1,0,-0.083333333333333334,0,0,-0.083333333333333334", "2,0,-0.083333333333333334,0,5,4.916666666666666666",
          "3,0,-0.083333333333333334,0,0,-0.083333333333333334");
    }
    assertThat(Files.list(file.getParent())).hasSize(1);
    FakeJobRun may = new FakeJobRun("statement-export", Instant.parse("2026-05-01T00:10:00Z"), 1, rig.time,
        Duration.ofMinutes(5));
    new StatementFiles(rig.books(), home, StatementForm.CSV, 36).export(may);
    assertThat(Files.readAllLines(file.resolveSibling("statements-2026-04.csv")))
        .contains("2,4.916666666666666666,0,0,0,4.916666666666666666");
  }

  @Test
  void asJsonAndNoMoreMonthsThanThereShouldBe(Rig rig, @TempDir Path home) throws Exception {
    rig.accounts(2, 524_288_000L + (10L << 30), Hour.of(Rig.NOON));
    rig.pass(Duration.ofHours(1));
    rig.deduction("n").run(rig.run(), "dcs");
    Path directory = Files.createDirectories(home.resolve("data/billing/statements"));
    for (String name : List.of("statements-2026-01.csv", "statements-2025-12.json", "statements-2026-02.csv",
        "statements-2019-01.csv.part",
        "notes.txt")) {
      Files.writeString(directory.resolve(name), "x");
    }
    FakeJobRun april = new FakeJobRun("statement-export", Instant.parse("2026-04-01T00:10:00Z"), 1, rig.time,
        Duration.ofMinutes(5));
    new StatementFiles(rig.books(), home, StatementForm.of("json"), 2).export(april);
    assertThat(JsonReader.read(Files.readString(directory.resolve("statements-2026-03.json")))).asString()
        .isEqualTo("[{account=1, opening=0, charges=-0.041666666666666667, deposits=0, adjustments=0, "
        + "closing=-0.041666666666666667}, "
            + "{account=2, opening=0, charges=-0.041666666666666667, deposits=0, adjustments=0, closing=-0.041666666666666667}]");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()).sorted())
          .containsExactly("notes.txt", "statements-2026-02.csv", "statements-2026-03.json");
    }
  }

  @Test
  void nobodyIsAnEmptyFileThatCanBeRead(Rig rig, @TempDir Path home) throws Exception {
    FakeJobRun april = new FakeJobRun("statement-export", Instant.parse("2026-04-01T00:10:00Z"), 1, rig.time,
        Duration.ofMinutes(5));
    for (StatementForm form : StatementForm.values()) {
      new StatementFiles(rig.books(), home, form, 1).export(april);
    }
    Path directory = home.resolve("data/billing/statements");
    assertThat(JsonReader.read(Files.readString(directory.resolve("statements-2026-03.json")))).isEqualTo(List.of());
    assertThat(Files.readAllLines(directory.resolve("statements-2026-03.csv"))).hasSize(1);
  }
}
