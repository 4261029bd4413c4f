package io.weft.billing;

/** Whether an account is charged. */
public enum AccountState {
  ACTIVE,
  /** It owes more than its credit limit: it is not charged any further, and what it pays for should stop. */
  SUSPENDED
}
