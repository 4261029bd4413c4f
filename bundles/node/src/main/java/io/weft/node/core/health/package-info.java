/** The roll-up of all health checks, and what the node itself has to say. */
@NullMarked
package io.weft.node.core.health;

import org.jspecify.annotations.NullMarked;
