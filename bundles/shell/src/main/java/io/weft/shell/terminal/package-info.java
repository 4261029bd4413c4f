/** The interactive shell. */
@NullMarked
package io.weft.shell.terminal;

import org.jspecify.annotations.NullMarked;
