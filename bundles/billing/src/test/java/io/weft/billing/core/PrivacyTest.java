package io.weft.billing.core;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.weft.billing.Billing;
import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.billing.Hour;
import io.weft.billing.NewAccount;
import io.weft.billing.Reading;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.testkit.job.FakeJobRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Everything that billing does, and then a search for people in all that it leaves: the database, the log, the files. */
@ExtendWith(WithPostgres.class)
class PrivacyTest {

  private static final Hour NOW = Hour.of(Rig.NOON);
  private static final String JANE = "Jane.Doe@example.org";
  private static final String WALLET = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final String STRANGER = "unbekannt-4711@example.net";
  private static final List<String> PEOPLE = List.of("jane", "doe@", "example.org", "52908400098527886e0f7030069857d2e4169ee7",
      "unbekannt",
      "example.net");

  @Test
  void nobodyIsInTheDumpTheLogOrTheFiles(Rig rig, @TempDir Path home) throws Exception {
    List<ILoggingEvent> lines = LogLines.during(() -> everything(rig, home));
    assertThat(rig.query("SELECT count(*) FROM deposits")).isEqualTo("3");
    nobody("the dump", rig.server().dump("-n", rig.schema()));
    nobody("the log", lines.stream().map(e -> e.getFormattedMessage() + " " + e.getThrowableProxy())
        .collect(Collectors.joining("\n")));
    assertThat(lines).hasSizeGreaterThan(4);
    nobody("the log of the server", Files.readString(rig.server().directory().resolve("output")));
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        nobody(file.toString(), Files.readString(file));
      }
    }
  }

  private static void everything(Rig rig, Path home) throws Exception {
    Parts parts = new Parts(rig, Map.of());
    parts.core.use(rig.plan);
    Billing billing = new LedgerBilling(parts.core, parts.singleton);
    billing.open(List.of(new NewAccount(JANE, Optional.of(NOW), BigDecimal.ZERO)), List.of(reading(JANE), reading(STRANGER)),
        "op");
    billing.link(1, WALLET, "op");
    billing.adjust(1, new BigDecimal("0.01"), "goodwill", "op");
    rig.sources.add(new Paid());
    rig.credits(rig.database(), "n").run(rig.run(), "dcs");
    rig.pass(Duration.ofHours(2));
    rig.deduction("n").run(rig.run(), "dcs");
    rig.execute("UPDATE accounts SET balance = balance - 100");
    rig.suspension().run(rig.run());
    rig.execute("UPDATE accounts SET balance = balance + 100");
    rig.suspension().run(rig.run());
    assertThat(billing.find(JANE)).isPresent();
    assertThat(billing.find(STRANGER)).isEmpty();
    assertThat(billing.verify().good()).isTrue();
    new StatementFiles(rig.books(), home, StatementForm.CSV, 12).export(
        new FakeJobRun("statement-export", Instant.parse("2026-04-01T00:10:00Z"), 1, rig.time, Duration.ofMinutes(5)));
  }

  private static void nobody(String where, String text) throws IOException {
    String small = text.toLowerCase(Locale.ROOT);
    assertThat(PEOPLE).as(where).noneMatch(small::contains);
  }

  private static Reading reading(String who) {
    return new Reading(who, "storage", NOW, BigDecimal.valueOf(524_288_000L + (10L << 30)));
  }

  /** By the account itself, by its wallet, and by somebody who has none. */
  private static final class Paid implements DepositSource {

    @Override
    public String name() {
      return "bank";
    }

    @Override
    public DepositBatch read(String cursor, int max) {
      return new DepositBatch(Stream.of(JANE, WALLET, STRANGER)
          .map(payer -> new Deposit("d" + payer.length(), payer, BigDecimal.ONE, Instant.EPOCH)).toList(), "1", false);
    }
  }
}
