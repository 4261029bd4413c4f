/** The PostgreSQL that the node runs itself: programs, cluster, process. */
@NullMarked
package io.weft.store.postgres.server;

import org.jspecify.annotations.NullMarked;
