/** The control socket: commands and the interactive shell for whoever owns this node's home directory. */
@NullMarked
package io.weft.node.core.control;

import org.jspecify.annotations.NullMarked;
