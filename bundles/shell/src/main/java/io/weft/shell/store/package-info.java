/** What a store holds as a whole: saved to a file, put back, moved to another store. */
@NullMarked
package io.weft.shell.store;

import org.jspecify.annotations.NullMarked;
