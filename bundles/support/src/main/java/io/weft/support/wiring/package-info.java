/** What bundles need of each other, in words. */
@NullMarked
package io.weft.support.wiring;

import org.jspecify.annotations.NullMarked;
