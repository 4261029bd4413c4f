package io.weft.transport.quic.codec;

/** A stream that the peer opened and that nobody reads yet. */
public interface OfferedStream extends StreamPort {

  /** Starts reading; events may come before this returns. */
  void accept(StreamEvents events);
}
