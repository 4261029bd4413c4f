/** Small helpers, copied privately into whoever uses them. */
@NullMarked
package io.weft.support;

import org.jspecify.annotations.NullMarked;
