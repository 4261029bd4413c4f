package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;

/** The way from this node to a relay. On the loop. */
interface Leg {

  /** What comes and goes. */
  interface Events {

    /** Messages can be sent. */
    void open();

    /** One message or frame; lent for the call. Returns false if it is none of ours. */
    boolean received(ByteBuf packet);

    /** It is no more. */
    void lost(Reason reason);
  }

  void start(Events events);

  /** Whether messages may get lost, so that they are to be sent again. */
  boolean isLossy();

  /** Sends a message, or drops it. Takes over the buffer. */
  void send(ByteBuf message);

  /** Sends data that is laid end to end in the frames of a channel, or drops it. Takes over the buffer. */
  void frames(int channel, ByteBuf packets, int segmentSize);

  void close();
}
