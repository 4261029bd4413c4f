/** The wire format of STUN (RFC 8489) and TURN (RFC 8656): messages, their attributes, credentials and the frames of channels. */
@NullMarked
package io.weft.support.stun;

import org.jspecify.annotations.NullMarked;
