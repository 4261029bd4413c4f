/**
 * The seam: the only package that names the QUIC codec of Netty. It says what the transport needs in words of our own, so that
 * the move to the codec of Netty 4.2 stays in here.
 */
@NullMarked
package io.weft.transport.quic.codec;

import org.jspecify.annotations.NullMarked;
