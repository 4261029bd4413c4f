package io.weft.testkit.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.node.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link DepositSource} keeps to: no deposit is left out, each has one id for ever, and a cursor leads on after a restart.
 * Extend it, and say how something is paid in.
 */
public abstract class DepositSourceContract {

  private static final int ROUNDS_MAX = 1_000;

  /** A source on what was paid in; each call makes another one, as after a restart. */
  protected abstract DepositSource source() throws Exception;

  /** Pays in outside, finally: one deposit of 1 by each payer. */
  protected abstract void pay(List<String> payers) throws Exception;

  /** Somebody who may pay, by number. */
  protected abstract String payer(int number);

  @Test
  public void hasAConstantName() throws Exception {
    assertThat(source().name()).isEqualTo(source().name());
    assertThat(Names.isValid(source().name())).isTrue();
  }

  @Test
  public void nothingPaidIsNothingGiven() throws Exception {
    assertThat(drain("", 10).deposits()).isEmpty();
  }

  @Test
  public void givesEverythingWithOneIdEachInParts() throws Exception {
    pay(payers(0, 25));
    DepositBatch all = drain("", 4);
    assertThat(all.deposits()).extracting(Deposit::payer).containsExactlyInAnyOrderElementsOf(payers(0, 25));
    assertThat(ids(all)).hasSize(25);
    assertThat(all.deposits()).allSatisfy(d -> assertThat(d.amount()).isEqualByComparingTo("1"));
  }

  @Test
  public void theSameCursorGivesTheSameIdsAlsoAfterARestart() throws Exception {
    pay(payers(0, 10));
    assertThat(ids(drain("", 3))).isEqualTo(ids(drain("", 100)));
  }

  @Test
  public void whatIsPaidLaterComesAfterTheCursorOfBefore() throws Exception {
    pay(payers(0, 5));
    DepositBatch before = drain("", 100);
    pay(payers(5, 8));
    DepositBatch later = drain(before.cursor(), 100);
    Set<String> all = new HashSet<>(ids(before));
    all.addAll(ids(later));
    assertThat(all).hasSize(8); // some may come again, under the ids that they had
    assertThat(later.deposits()).extracting(Deposit::payer).containsAll(payers(5, 8));
  }

  @Test
  public void aCursorThatMeansNothingLosesNothing() throws Exception {
    pay(payers(0, 3));
    assertThat(ids(drain("what another version wrote", 100))).hasSize(3);
  }

  private List<String> payers(int from, int to) {
    List<String> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(payer(i));
    }
    return all;
  }

  private static Set<String> ids(DepositBatch batch) {
    return new HashSet<>(batch.deposits().stream().map(Deposit::id).toList());
  }

  private DepositBatch drain(String from, int max) throws Exception {
    List<Deposit> all = new ArrayList<>();
    String cursor = from;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      DepositBatch batch = source().read(cursor, max);
      assertThat(batch.deposits()).hasSizeLessThanOrEqualTo(max);
      all.addAll(batch.deposits());
      cursor = batch.cursor();
      if (!batch.more()) {
        return new DepositBatch(all, cursor, false);
      }
    }
    throw new AssertionError("the source says again and again that there is more");
  }
}
