package io.weft.billing;

import java.math.BigDecimal;

/**
 * A balance that changed.
 *
 * @param cause why
 * @param balance after that
 * @param state after that
 */
public record BalanceChange(AccountRef account, Cause cause, BigDecimal balance, AccountState state) {

  /** Why. */
  public enum Cause {
    CHARGE,
    DEPOSIT,
    ADJUSTMENT,
    SUSPENSION,
    LIFTING
  }
}
