/** Changes the plugins of this node: plans, applies, takes back. */
@NullMarked
package io.weft.installer;

import org.jspecify.annotations.NullMarked;
