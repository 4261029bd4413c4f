/** Files on disk. */
@NullMarked
package io.weft.support.file;

import org.jspecify.annotations.NullMarked;
