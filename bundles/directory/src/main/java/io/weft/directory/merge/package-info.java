/** The engine behind {@link io.weft.directory.PeerDirectory}. Not in {@code io.weft.directory} itself, which the API exports. */
@NullMarked
package io.weft.directory.merge;

import org.jspecify.annotations.NullMarked;
