/** Leases, groups and jobs on whatever DCS is there. */
@NullMarked
package io.weft.coordination.engine;

import org.jspecify.annotations.NullMarked;
