/** What plugins there are in the configured catalogues, and which of them may run. */
@NullMarked
package io.weft.catalog;

import org.jspecify.annotations.NullMarked;
