/** The headers of a bundle's manifest. */
@NullMarked
package io.weft.support.manifest;

import org.jspecify.annotations.NullMarked;
