/** What the control socket and the interactive shell have in common: finding a command, and saying how it failed. */
@NullMarked
package io.weft.support.command;

import org.jspecify.annotations.NullMarked;
