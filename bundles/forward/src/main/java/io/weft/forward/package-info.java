/**
 * Sockets of applications, in front of and behind channels. Each connection or flow lives on the event loop of its link: a local
 * connection is accepted anywhere, but registered only when its channel is open and its loop known.
 */
@NullMarked
package io.weft.forward;

import org.jspecify.annotations.NullMarked;
