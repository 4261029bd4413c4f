package io.weft.transport.quic.codec;

/** Where connection ids of connections that peers open come from; tells the port which packets are whose. On the loop. */
public interface ConnectionIds {

  /** The first id of a connection that is being accepted, or of a Retry. */
  byte[] first(int length);

  /** A further id of the connection that {@code sibling} belongs to. */
  byte[] further(byte[] sibling, int length);
}
