/** Benchmarks of the whole: each measures something that a user would notice, beside its baseline in the same run. */
@NullMarked
package io.weft.itests.bench;

import org.jspecify.annotations.NullMarked;
