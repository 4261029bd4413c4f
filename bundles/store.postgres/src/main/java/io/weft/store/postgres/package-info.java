/** A database on PostgreSQL: connections, transactions with an outcome, health. */
@NullMarked
package io.weft.store.postgres;

import org.jspecify.annotations.NullMarked;
