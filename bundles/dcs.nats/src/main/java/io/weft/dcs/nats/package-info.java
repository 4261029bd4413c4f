/** A DCS on a key-value bucket of NATS JetStream. */
@NullMarked
package io.weft.dcs.nats;

import org.jspecify.annotations.NullMarked;
