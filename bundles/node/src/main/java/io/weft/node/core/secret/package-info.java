/** All secret sources behind one door. */
@NullMarked
package io.weft.node.core.secret;

import org.jspecify.annotations.NullMarked;
