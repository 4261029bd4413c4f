package org.example.bankstatements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.Deposit;
import io.weft.testkit.Fuzz;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read out of statements, and what is not. */
class BankStatementsTest {

  private static final StatementReader BY_IBAN = new StatementReader("EUR", "iban");
  private static final String ONE = Camt.entry("E1", "12.50", Camt.transfer("12.50", "DE1", "RF18 5390"));

  @TempDir
  Path folder;

  private static List<Deposit> deposits(StatementReader reader, String... entries) {
    return reader.deposits(Camt.statement(List.of(entries)).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aBookedCreditIsADeposit() {
    assertThat(deposits(BY_IBAN, ONE)).singleElement().satisfies(deposit -> {
      assertThat(deposit.id()).endsWith("/E1");
      assertThat(deposit.payer()).isEqualTo("DE1");
      assertThat(deposit.amount()).isEqualTo(new BigDecimal("12.50"));
      assertThat(deposit.at()).isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
    });
    assertThat(deposits(new StatementReader("EUR", "reference"), ONE)).extracting(Deposit::payer).containsExactly("RF185390");
  }

  @Test
  void whatIsNotFinalOrNotPaidInIsPassedOver() {
    assertThat(deposits(BY_IBAN, Camt.booked("E1", "1", "DBIT", "BOOK"), Camt.booked("E2", "1", "CRDT", "PDNG"),
        ONE.replace("</Amt><CdtDbtInd>", "</Amt><RvslInd>true</RvslInd><CdtDbtInd>"))).isEmpty();
  }

  @Test
  void transfersThatWereBookedAsOneAreDepositsEach() {
    List<Deposit> both = deposits(BY_IBAN, Camt.entry("E7", "3.00", Camt.transfer("1.00", "DE1", ""), Camt.transfer("2.00", "DE2", "")));
    assertThat(both).extracting(Deposit::payer).containsExactly("DE1", "DE2");
    assertThat(both).extracting(deposit -> deposit.id().split("/")[1]).containsExactly("E7#1", "E7#2");
    assertThatThrownBy(() -> deposits(BY_IBAN, Camt.entry("E7", "4.00", Camt.transfer("1.00", "DE1", ""), Camt.transfer("2.00", "DE2", ""))))
        .hasMessage("entry E7: its transfers do not add up to its amount");
  }

  @Test
  void whatNobodyPaidIsNotLost() {
    Deposit interest = deposits(BY_IBAN, Camt.entry("E9", "0.01")).get(0);
    assertThat(interest.payer()).isEqualTo("entry:" + interest.id());
  }

  @Test
  void oneWrongEntryStopsTheFileWithoutSayingWhoPaid() throws Exception {
    for (String bad : List.of(ONE.replace(">12.50<", ">12,50<"), ONE.replace(">12.50<", ">1e9<"), ONE.replace("EUR", "USD"), ONE.replace("E1", ""),
        ONE.replace("2026-01-31", "31.1.2026"), ONE.replace(">12.50<", ">0.00<"))) {
      Files.writeString(folder.resolve("a.xml"), Camt.statement(List.of(bad)));
      assertThatThrownBy(() -> new BankStatements("bank", folder, BY_IBAN).read("", 10))
          .isInstanceOf(IOException.class).hasMessageStartingWith("bank: a.xml: ").hasMessageNotContainingAny("DE1", "Somebody");
    }
  }

  @Test
  void aDocumentCannotNameOtherFiles() {
    String xml = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>" + Camt.statement(List.of(ONE.replace("DE1", "&e;"))).replaceFirst("<\\?.*\\?>\n", "");
    assertThatThrownBy(() -> BY_IBAN.deposits(xml.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedStatement.class).hasMessage("not well-formed XML without DOCTYPE");
  }

  @Test
  void strangeFilesAreNoMoreThanProblems() {
    byte[] good = Camt.statement(List.of(ONE)).getBytes(StandardCharsets.UTF_8);
    new Fuzz(7, List.of(good), 1_500).run(30_000, MalformedStatement.class, BY_IBAN::deposits);
  }
}
