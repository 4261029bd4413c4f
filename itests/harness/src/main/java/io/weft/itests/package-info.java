/** What tests against real nodes share. */
@NullMarked
package io.weft.itests;

import org.jspecify.annotations.NullMarked;
