package io.weft.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A migration of a schema.
 *
 * @param transactional whether it runs in a transaction
 * @param reversible whether there is a way back
 * @param applied when it was, by the clock of the database; null if it is not
 * @param by the node that applied it; empty if it is not applied
 * @param interrupted whether it was begun outside of a transaction and never finished; it is done again
 */
public record Step(
    int number, String name, boolean transactional, boolean reversible, @Nullable Instant applied, String by,
    boolean interrupted) {}
