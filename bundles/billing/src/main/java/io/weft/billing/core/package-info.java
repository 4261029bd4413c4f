/** The books as services and jobs. */
@NullMarked
package io.weft.billing.core;

import org.jspecify.annotations.NullMarked;
