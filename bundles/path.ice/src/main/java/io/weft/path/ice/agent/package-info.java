/** The checks of ice4j. Nothing else names its classes. */
@NullMarked
package io.weft.path.ice.agent;

import org.jspecify.annotations.NullMarked;
