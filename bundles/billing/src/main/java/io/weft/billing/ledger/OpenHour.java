package io.weft.billing.ledger;

import io.weft.billing.Hour;

/**
 * An hour that is being charged.
 *
 * @param next the account after which to go on
 */
record OpenHour(Hour hour, long next) {}
