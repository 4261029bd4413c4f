package io.weft.billing;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One movement of money. Entries are never changed and never deleted; a mistake is put right by another one.
 *
 * @param amount what the balance changed by; negative for a charge
 * @param reference makes it exist once: the hour of a charge, source and id of a deposit
 * @param token fencing token of the job that wrote it; null if no job did
 * @param period the hour that is charged; null for what is no charge
 * @param actor which node or operator
 * @param at by the clock of the database
 */
public record LedgerEntry(
    long id,
    long account,
    EntryType type,
    BigDecimal amount,
    String reference,
    @Nullable Long token,
    @Nullable Hour period,
    String actor,
    Instant at) {}
