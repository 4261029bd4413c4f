package io.weft.billing;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Money that came in outside.
 *
 * @param id what makes it one of a kind at its source: the same deposit has the same id for ever. At most 200 characters, and
 *     nothing personal, because it is kept
 * @param payer who paid, such as the address of a wallet; hashed, matched with an account and forgotten
 * @param amount in the unit of the balance; more than zero
 * @param at when, by the source
 */
public record Deposit(String id, String payer, BigDecimal amount, Instant at) {

  private static final int ID_MAX = 200;

  public Deposit {
    if (id.isEmpty() || id.length() > ID_MAX || id.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
      throw new IllegalArgumentException("the id of a deposit is 1 to " + ID_MAX + " printable ASCII characters");
    }
    if (amount.signum() <= 0) {
      throw new IllegalArgumentException("deposit " + id + ": the amount must be more than zero");
    }
  }

  /** Says nothing of who paid. */
  @Override
  public String toString() {
    return "Deposit[id=" + id + ", amount=" + amount + ", at=" + at + "]";
  }
}
