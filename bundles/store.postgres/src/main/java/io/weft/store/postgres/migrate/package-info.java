/** Schemas of plugins: what they should be, what they are, and the way from one to the other. */
@NullMarked
package io.weft.store.postgres.migrate;

import org.jspecify.annotations.NullMarked;
