/** Histories of concurrent operations, and whether one register could have produced them. */
@NullMarked
package io.weft.testkit.history;

import org.jspecify.annotations.NullMarked;
