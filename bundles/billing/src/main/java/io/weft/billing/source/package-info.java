/** Where deposits come from. */
@NullMarked
package io.weft.billing.source;

import org.jspecify.annotations.NullMarked;
