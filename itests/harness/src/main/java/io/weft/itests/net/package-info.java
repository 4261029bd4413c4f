/** Servers and clients that give traffic to the fabric. */
@NullMarked
package io.weft.itests.net;

import org.jspecify.annotations.NullMarked;
