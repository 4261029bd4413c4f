package io.weft.channel;

/** What a channel carries. */
public enum ChannelKind {
  /** Ordered, reliable bytes; for TCP and everything like it. */
  stream,
  /** Datagrams with their boundaries; for UDP. */
  datagram
}
