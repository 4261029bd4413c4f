package io.weft.billing;

/** Why money moved. */
public enum EntryType {
  /** For one hour of use; at most one per account and hour. */
  CHARGE,
  /** Came in from a {@link DepositSource}; at most one per deposit. */
  DEPOSIT,
  /** By an operator, who gave a reference; at most one per account and reference. */
  ADJUSTMENT
}
