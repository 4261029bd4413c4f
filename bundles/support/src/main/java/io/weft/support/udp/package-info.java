/** UDP sockets that move many packets in one system call. */
@NullMarked
package io.weft.support.udp;

import org.jspecify.annotations.NullMarked;
