/** What has an effect that only one may have: it refuses who is too late, and remembers who tried. */
@NullMarked
package io.weft.support.fence;

import org.jspecify.annotations.NullMarked;
