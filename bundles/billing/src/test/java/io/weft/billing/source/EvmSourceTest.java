package io.weft.billing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.Finding;
import io.weft.billing.NewAccount;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.billing.ledger.Journal;
import io.weft.billing.ledger.Recheck;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithPostgres.class)
class EvmSourceTest {

  private static final String JANE = "0x" + "11".repeat(20);
  private static final String JOE = "0x" + "22".repeat(20);
  private static final String ONE = "1000000000000000000";

  private final EvmStandIn chain;
  private final EvmSource source;

  EvmSourceTest() throws IOException {
    chain = new EvmStandIn();
    source = source(Map.of());
  }

  @AfterEach
  void close() {
    source.close();
    chain.close();
  }

  private EvmSource source(Map<String, Object> more) {
    Map<String, Object> values =
        new HashMap<>(Map.of("name", "chain", "url", chain.url(), "chain_id", 5L, "contract", EvmStandIn.TOKEN,
        "vault", EvmStandIn.VAULT, "confirmations", 3, "blocks_max", 10, "timeout_ms", 30_000));
    values.putAll(more);
    return new EvmSource(FakeConfig.of(EvmSource.Config.class, values));
  }

  @Test
  void aTransferCountsWhenSoManyBlocksAreOnTopOfIt() throws Exception {
    chain.send("a", JANE, "1500000000000000000").mine(2);
    DepositBatch early = source.read("", 100);
    assertThat(early.deposits()).isEmpty();
    chain.mine(1);
    DepositBatch batch = source.read(early.cursor(), 100);
    assertThat(batch.deposits()).hasSize(1);
    Deposit deposit = batch.deposits().get(0);
    assertThat(deposit.id()).isEqualTo("5:" + EvmStandIn.hash("a"));
    assertThat(deposit.payer()).isEqualTo(JANE);
    assertThat(deposit.amount()).isEqualByComparingTo("1.5");
    assertThat(deposit.toString()).doesNotContain("1111");
    assertThat(source.read(batch.cursor(), 100).deposits()).isEmpty();
  }

  @Test
  void manyBlocksAreReadInParts() throws Exception {
    for (int i = 0; i < 40; i++) {
      chain.send("t" + i, JANE, ONE);
    }
    chain.mine(3);
    String cursor = "";
    int count = 0;
    boolean more = true;
    while (more) {
      DepositBatch batch = source.read(cursor, 4);
      assertThat(batch.deposits()).hasSizeLessThanOrEqualTo(4);
      count += batch.deposits().size();
      cursor = batch.cursor();
      more = batch.more();
    }
    assertThat(count).isEqualTo(40);
  }

  @Test
  void reorganisationsDuplicatesLateBlocksDustAndStrangersAreCreditedOnceOrNotAtAll(Rig rig) throws Exception {
    rig.accounts().open(List.of(NewAccount.of("jane@example.org")), List.of());
    rig.accounts().link(1, JANE);
    rig.sources.add(source);
    chain.send("a", JANE, ONE).send("twice", JANE, ONE).send("dust", JANE, "1000").send("stranger", JOE, ONE)
        .send("two transfers", JANE, ONE, ONE).send("nothing", JANE, "0").mine(3);
    run(rig);
    chain.takeBack(2).mine(4); // above what counts
    run(rig);
    chain.takeBack(11).send("a", JANE, ONE).mine(2).send("new", JANE, ONE).mine(9); // far below: a is in another block now
    run(rig);
    chain.send("late", JANE, ONE).mine(4);
    chain.behind(6);
    assertThatThrownBy(() -> run(rig)).hasMessageContaining("does not have block");
    chain.behind(0);
    run(rig);
    run(rig);
    // a, the one that is told twice, both of "two transfers", new and late
    assertThat(rig.query("SELECT string_agg(DISTINCT state, ' ' ORDER BY state) FROM deposits"))
        .isEqualTo("credited dust unmatched");
    assertThat(rig.query("SELECT count(*) FROM entries WHERE reference LIKE '%" + EvmStandIn.hash("a").substring(2) + "'"))
        .isEqualTo("1");
    assertThat(rig.query("SELECT balance FROM accounts")).isEqualTo("6.000000000000000000");
    assertThat(rig.audit().verify().good()).isTrue();
  }

  @Test
  void aCreditWhoseDepositIsGoneIsNamedUntilAnOperatorTakesItBack(Rig rig) throws Exception {
    rig.accounts().open(List.of(NewAccount.of("jane@example.org")), List.of());
    rig.accounts().link(1, JANE);
    rig.sources.add(source);
    chain.send("a", JANE, ONE).send("b", JANE, ONE, ONE).mine(3);
    run(rig);
    recheck(rig);
    assertThat(rig.audit().verify().good()).isTrue();
    String gone = "chain:5:" + EvmStandIn.hash("b");
    chain.takeBack(4).send("b", JANE, ONE).mine(12); // its second transfer is not there any more
    run(rig);
    recheck(rig);
    assertThat(rig.query("SELECT balance::float8 FROM accounts")).as("nothing moves by itself").isEqualTo("3");
    assertThat(unsettled(rig)).isEqualTo("put it right by: weft billing adjust 1 1 --debit --reference gone:" + gone
        + ":2 --yes");
    recheck(rig);
    assertThat(rig.audit().verify().good()).isFalse();
    Journal journal = new Journal(rig.books());
    assertThat(journal.adjust(1, BigDecimal.ONE.negate(), "gone:" + gone + ":2", "operator@a")).isTrue();
    assertThat(journal.adjust(1, BigDecimal.ONE.negate(), "gone:" + gone + ":2", "operator@a")).isFalse();
    assertThat(rig.audit().verify().good()).isTrue();
    assertThat(rig.query("SELECT balance::float8 FROM accounts")).isEqualTo("2");
    chain.takeBack(13).send("b", JANE, ONE, ONE).mine(20); // and now it is
    run(rig);
    recheck(rig);
    assertThat(unsettled(rig)).isEqualTo("put it right by: weft billing adjust 1 1 --reference back:" + gone + ":2 --yes");
    journal.adjust(1, BigDecimal.ONE, "back:" + gone + ":2", "operator@a");
    assertThat(rig.audit().verify().good()).isTrue();
    assertThat(rig.query("SELECT balance::float8 FROM accounts")).isEqualTo("3");
  }

  @Test
  void aNodeThatDoesNotAnswerTakesNothingBack(Rig rig) throws Exception {
    rig.accounts().open(List.of(NewAccount.of("jane@example.org")), List.of());
    rig.accounts().link(1, JANE);
    rig.sources.add(source);
    chain.send("a", JANE, ONE).mine(3);
    run(rig);
    chain.chain = 1;
    recheck(rig);
    chain.close();
    recheck(rig);
    assertThat(rig.query("SELECT count(*) FROM deposits WHERE gone_at IS NOT NULL")).isEqualTo("0");
    assertThat(rig.audit().verify().good()).isTrue();
  }

  private static void recheck(Rig rig) throws Exception {
    new Recheck(rig.books(), () -> List.copyOf(rig.sources), Duration.ofHours(1)).run(rig.run());
  }

  private static String unsettled(Rig rig) throws Exception {
    return rig.audit().verify().findings().stream().filter(f -> !f.good()).map(Finding::detail).collect(Collectors.joining("; "));
  }

  @Test
  void aNodeThatCannotBeTrustedIsNot() throws Exception {
    chain.send("a", JANE, ONE).mine(3);
    chain.lying = true;
    assertThatThrownBy(() -> source.read("", 10)).hasMessageContaining("changed while it was read");
    chain.lying = false;
    chain.chain = 1;
    assertThatThrownBy(() -> source.read("", 10)).hasMessage("billing.deposits.evm.url leads to chain 1, not to 5");
    chain.close();
    assertThatThrownBy(() -> source.read("", 10)).isInstanceOf(IOException.class);
  }

  @Test
  void aWrongConfigurationIsNamed() {
    assertThatThrownBy(() -> source(Map.of("vault", "0x12")))
        .hasMessageContaining("billing.deposits.evm.vault: expected 0x and 40");
    assertThatThrownBy(() -> source(Map.of("url", "ftp://x")))
        .hasMessageContaining("billing.deposits.evm.url: expected one such as");
  }

  @Test
  void whateverANodeAnswersItIsReadOrRefused() {
    List<byte[]> samples = List.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1f\"}".getBytes(StandardCharsets.UTF_8),
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"x\"}}".getBytes(StandardCharsets.UTF_8));
    new Fuzz(11, samples, 300).run(100_000, UncheckedIOException.class, bytes -> {
      try {
        EvmRpc.number(EvmRpc.result("eth_chainId", new String(bytes, StandardCharsets.UTF_8)), "the chain id");
      } catch (MalformedDeposits e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static void run(Rig rig) throws Exception {
    rig.credits(rig.database(), "n").run(rig.run(), "dcs");
  }
}
