/** The books in PostgreSQL. */
@NullMarked
package io.weft.billing.ledger;

import org.jspecify.annotations.NullMarked;
