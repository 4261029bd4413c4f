/** Jars of others: what form they must have, how they are signed, and whose signatures count. */
@NullMarked
package io.weft.support.plugin;

import org.jspecify.annotations.NullMarked;
