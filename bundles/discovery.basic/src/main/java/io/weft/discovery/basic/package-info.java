/** Discovery without a library: peers that are written down, and peers that a name server knows. */
@NullMarked
package io.weft.discovery.basic;

import org.jspecify.annotations.NullMarked;
