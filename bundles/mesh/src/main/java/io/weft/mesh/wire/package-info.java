/**
 * What is written on a link: headers, answers and control frames, as docs/internals.md fixes them. Nothing here has state
 * of its own.
 */
@NullMarked
package io.weft.mesh.wire;

import org.jspecify.annotations.NullMarked;
