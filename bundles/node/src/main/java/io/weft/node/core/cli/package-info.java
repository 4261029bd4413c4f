/** What the command {@code weft} does with a configuration while no node runs. Needs no framework. */
@NullMarked
package io.weft.node.core.cli;

import org.jspecify.annotations.NullMarked;
