/** What all commands share: their description, their arguments, their output. */
@NullMarked
package io.weft.shell.frame;

import org.jspecify.annotations.NullMarked;
