/** For those who implement or use a DCS: the contract, a store in memory, faults, and histories that are checked. */
@NullMarked
package io.weft.testkit.dcs;

import org.jspecify.annotations.NullMarked;
