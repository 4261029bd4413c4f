/** Moving to a replica: fence, proof, flip. */
@NullMarked
package io.weft.store.postgres.failover;

import org.jspecify.annotations.NullMarked;
