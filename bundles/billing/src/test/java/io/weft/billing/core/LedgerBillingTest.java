package io.weft.billing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.weft.billing.Account;
import io.weft.billing.AccountState;
import io.weft.billing.Billing;
import io.weft.billing.BillingUnavailable;
import io.weft.billing.ChargePreview;
import io.weft.billing.EntryType;
import io.weft.billing.Hour;
import io.weft.billing.LedgerEntry;
import io.weft.billing.NewAccount;
import io.weft.billing.Reading;
import io.weft.billing.Rig;
import io.weft.billing.Statement;
import io.weft.billing.WithPostgres;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithPostgres.class)
class LedgerBillingTest {

  private static final Hour NOW = Hour.of(Rig.NOON);
  private static final String JANE = "Jane.Doe@example.org";

  @Test
  void opensFindsAdjustsAndShows(Rig rig) throws Exception {
    Billing billing = billing(rig);
    assertThat(billing.open(List.of(NewAccount.of(JANE), NewAccount.of("other"), NewAccount.of("jane.doe@EXAMPLE.org")),
        List.of(), "op")).isEqualTo(2);
    assertThat(billing.open(List.of(NewAccount.of(JANE)), List.of(), "op")).isZero();
    Account jane = billing.find(" jane.doe@example.org").orElseThrow();
    assertThat(jane.ref().identity()).isEqualTo(billing.identity(JANE)).hasSize(64);
    assertThat(billing.record(List.of(reading(JANE), reading("nobody")), "op")).isOne();
    assertThat(billing.link(jane.ref().number(), "0xABC", "op")).isTrue();
    assertThat(billing.find("0xabc")).contains(jane);
    assertThat(billing.adjust(jane.ref().number(), new BigDecimal("2.5"), "goodwill 17", "op")).isTrue();
    assertThat(billing.adjust(jane.ref().number(), new BigDecimal("2.5"), "goodwill 17", "op")).isFalse();
    assertThat(billing.account(jane.ref().number()).orElseThrow().balance()).isEqualByComparingTo("2.5");
    assertThat(billing.accounts(0, 10, Optional.of(AccountState.ACTIVE))).hasSize(2);
    assertThat(billing.accounts(jane.ref().number(), 1, Optional.empty()).size()).isLessThanOrEqualTo(1);
    assertThat(billing.verify().good()).isTrue();
    rig.pass(Duration.ofHours(1));
    ChargePreview preview = billing.preview(NOW);
    assertThat(preview.charged()).isOne();
    assertThat(preview.free()).isOne();
    assertThat(preview.total()).isEqualByComparingTo("0.041666666666666667");
    rig.deduction("n").run(rig.run(), "dcs");
    assertThat(billing.preview(NOW)).extracting(ChargePreview::done, ChargePreview::charged).containsExactly(1L, 0L);
    List<LedgerEntry> entries = billing.ledger(jane.ref().number(), Long.MAX_VALUE, 10);
    assertThat(entries).extracting(LedgerEntry::type).containsExactly(EntryType.CHARGE, EntryType.ADJUSTMENT);
    assertThat(entries.get(0).period()).isEqualTo(NOW);
    assertThat(billing.ledger(jane.ref().number(), entries.get(0).id(), 10)).hasSize(1);
    Statement statement = billing.statement(jane.ref().number(), YearMonth.of(2026, 3)).orElseThrow();
    assertThat(statement.closing()).isEqualByComparingTo("2.458333333333333333");
    assertThat(statement.lines()).hasSize(2);
    assertThat(billing.statement(jane.ref().number(), YearMonth.of(2026, 4)).orElseThrow().opening())
        .isEqualByComparingTo(statement.closing());
    assertThat(billing.statement(999, YearMonth.of(2026, 3))).isEmpty();
    assertThat(billing.status().lastCharged()).contains(NOW);
    assertThat(billing.status().singleton()).isEqualTo("database");
  }

  @Test
  void whatMustNotBeIsRefused(Rig rig) {
    Billing billing = billing(rig);
    assertThatThrownBy(() -> billing.adjust(1, BigDecimal.ZERO, "x", "op")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> billing.adjust(1, BigDecimal.ONE, " ", "op")).isInstanceOf(IllegalArgumentException.class);
    assertThat(billing.adjust(77, BigDecimal.ONE, "nobody", "op")).isFalse();
    assertThatThrownBy(() -> billing.accounts(0, 10_001, Optional.empty())).hasMessageContaining("at most 10000");
  }

  @Test
  void aMissingOrWrongKeyIsNamed(Rig rig) {
    billing(rig).open(List.of(NewAccount.of(JANE)), List.of(), "op");
    Parts wrong = new Parts(rig, Map.of());
    wrong.secrets.put("secret:formation/billing/identity", "another key of at least sixteen bytes");
    assertThatThrownBy(() -> new LedgerBilling(wrong.core, wrong.singleton).find(JANE)).isInstanceOf(BillingUnavailable.class)
        .hasMessageContaining("billing.identity.key: these books were begun with another key");
    Parts missing = new Parts(rig, Map.of("identity_key", "secret:file/nothing"));
    assertThatThrownBy(() -> new LedgerBilling(missing.core, missing.singleton).find(JANE)).isInstanceOf(BillingUnavailable.class)
        .hasMessageContaining("billing.identity.key: no secret secret:file/nothing");
  }

  @Test
  void theLogSaysWhatWasDoneAndToNobody(Rig rig) throws Exception {
    List<ILoggingEvent> lines = LogLines.during(() -> {
      Billing billing = billing(rig);
      billing.open(List.of(NewAccount.of(JANE)), List.of(), "op");
      billing.record(List.of(reading(JANE)), "op");
      billing.link(1, "0xDEADBEEF", "op");
      billing.adjust(1, BigDecimal.ONE, "goodwill", "op");
    });
    assertThat(lines).extracting(ILoggingEvent::getFormattedMessage).hasSize(4).allSatisfy(line -> assertThat(line)
        .contains("actor=op").doesNotContainIgnoringCase("jane").doesNotContainIgnoringCase("deadbeef"))
        .anyMatch(line -> line.equals("billing adjustment account=1 amount=1 reference=goodwill made=true actor=op"));
    assertThat(reading(JANE).toString() + NewAccount.of(JANE)).doesNotContainIgnoringCase("jane");
  }

  private static Billing billing(Rig rig) {
    Parts parts = new Parts(rig, Map.of());
    parts.core.use(rig.plan);
    return new LedgerBilling(parts.core, parts.singleton);
  }

  private static Reading reading(String who) {
    return new Reading(who, "storage", NOW, BigDecimal.valueOf(524_288_000L + (10L << 30)));
  }
}
