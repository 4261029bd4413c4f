/** Links between nodes of one process; for tests and samples. */
@NullMarked
package io.weft.transport.memory;

import org.jspecify.annotations.NullMarked;
