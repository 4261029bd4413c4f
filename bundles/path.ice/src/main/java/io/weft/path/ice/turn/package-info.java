/** Addresses that relays lend this node: a TURN client on the node's own port, or over TCP and TLS where UDP does not get out. */
@NullMarked
package io.weft.path.ice.turn;

import org.jspecify.annotations.NullMarked;
