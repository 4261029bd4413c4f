/** HTTP to a few equal servers, with bounds, on the JDK's client. */
@NullMarked
package io.weft.support.http;

import org.jspecify.annotations.NullMarked;
