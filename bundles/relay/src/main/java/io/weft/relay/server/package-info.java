/** A STUN and TURN server, so that a fabric needs no other relay. */
@NullMarked
package io.weft.relay.server;

import org.jspecify.annotations.NullMarked;
