/** Whom a transport lets in. */
@NullMarked
package io.weft.support.trust;

import org.jspecify.annotations.NullMarked;
