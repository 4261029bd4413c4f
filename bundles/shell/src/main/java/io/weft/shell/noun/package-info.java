/** The commands, one class per noun. */
@NullMarked
package io.weft.shell.noun;

import org.jspecify.annotations.NullMarked;
