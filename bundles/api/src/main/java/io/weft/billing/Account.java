package io.weft.billing;

import java.math.BigDecimal;

/**
 * An account as it stands.
 *
 * @param creditLimit how far below zero the balance may be before the account is suspended; not negative
 * @param since the first hour that is charged
 */
public record Account(AccountRef ref, AccountState state, BigDecimal balance, BigDecimal creditLimit, Hour since) {}
