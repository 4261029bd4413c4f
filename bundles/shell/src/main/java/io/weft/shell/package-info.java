/** The commands of the shell, and the shell itself. Works with the API only: what it can do, any plugin can. */
@NullMarked
package io.weft.shell;

import org.jspecify.annotations.NullMarked;
