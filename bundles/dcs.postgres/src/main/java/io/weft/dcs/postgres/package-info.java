/** A DCS in tables of PostgreSQL. */
@NullMarked
package io.weft.dcs.postgres;

import org.jspecify.annotations.NullMarked;
