/** Connectivity checks of one attempt, whoever does them. */
@NullMarked
package io.weft.path.ice.check;

import org.jspecify.annotations.NullMarked;
