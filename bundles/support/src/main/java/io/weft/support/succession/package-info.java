/** For bundles that leave something to their next version. */
@NullMarked
package io.weft.support.succession;

import org.jspecify.annotations.NullMarked;
