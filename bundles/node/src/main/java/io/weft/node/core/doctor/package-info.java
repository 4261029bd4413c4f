/** What this bundle knows of for {@code weft doctor}: the home of the node, the limits of the machine, who can be reached. */
@NullMarked
package io.weft.node.core.doctor;

import org.jspecify.annotations.NullMarked;
