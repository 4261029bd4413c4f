/** PostgreSQL servers for tests. */
@NullMarked
package io.weft.itests.postgres;

import org.jspecify.annotations.NullMarked;
