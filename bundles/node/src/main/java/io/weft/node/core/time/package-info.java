/** Clock and timers of the real world. */
@NullMarked
package io.weft.node.core.time;

import org.jspecify.annotations.NullMarked;
