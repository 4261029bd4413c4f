/** Links over QUIC: the one UDP port, who may come in, and what runs on a link. Nothing here names the codec. */
@NullMarked
package io.weft.transport.quic;

import org.jspecify.annotations.NullMarked;
