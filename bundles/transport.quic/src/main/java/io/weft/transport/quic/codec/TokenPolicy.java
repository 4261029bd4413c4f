package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Address validation by Retry: who must prove that it receives at its address before it costs us anything. */
public interface TokenPolicy {

  /** Never a valid offset: what a token gets that we did not mint, for this address, lately. */
  int REFUSED = -1;

  /** Writes a token into {@code out} and returns true if this peer has to show one; leaves {@code out} alone otherwise. */
  boolean retry(ByteBuf out, byte[] originalId, InetSocketAddress peer);

  /** Where in the token the original connection id starts, or {@link #REFUSED}. */
  int validate(ByteBuf token, InetSocketAddress peer);

  int tokenLengthMax();
}
