/** Who this node is, in formation mode. */
@NullMarked
package io.weft.node.core.identity;

import org.jspecify.annotations.NullMarked;
