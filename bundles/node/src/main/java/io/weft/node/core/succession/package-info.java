/** What a bundle leaves to its next version. */
@NullMarked
package io.weft.node.core.succession;

import org.jspecify.annotations.NullMarked;
