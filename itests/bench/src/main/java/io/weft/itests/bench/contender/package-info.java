/** Ways to get from one end of the wire to the other. */
@NullMarked
package io.weft.itests.bench.contender;

import org.jspecify.annotations.NullMarked;
