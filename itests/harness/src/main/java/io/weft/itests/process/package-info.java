/** Nodes as processes of their own, started as an operator would. */
@NullMarked
package io.weft.itests.process;

import org.jspecify.annotations.NullMarked;
