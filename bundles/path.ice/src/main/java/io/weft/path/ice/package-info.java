/** Paths through NATs: candidates are gathered, exchanged, checked and kept. The library that does the checks is named in one package only. */
@NullMarked
package io.weft.path.ice;

import org.jspecify.annotations.NullMarked;
