/** The store that tests of coordination stand on; one switch chooses it. */
@NullMarked
package io.weft.itests.dcs;

import org.jspecify.annotations.NullMarked;
