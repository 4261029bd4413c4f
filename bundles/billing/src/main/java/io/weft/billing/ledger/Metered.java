package io.weft.billing.ledger;

import io.weft.billing.AccountRef;
import java.math.BigDecimal;
import java.util.Map;

/**
 * An account with what the books know of its use.
 *
 * @param stored by meter, from readings
 */
record Metered(AccountRef ref, boolean active, BigDecimal balance, Map<String, BigDecimal> stored) {}
