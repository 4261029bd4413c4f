package io.weft.transport.quic.codec;

/**
 * What all connections of a port share.
 *
 * @param window bytes of flow control for the connection; so many that nobody ever waits for more
 * @param streamWindow the same for each stream
 * @param streams two-way streams that a peer may open in the whole life of a connection; so many that it need not be told of more
 *     in time
 * @param segments packets that the kernel takes in one call; 0 without segmentation offload
 * @param datagramQueue datagrams that the codec holds while it may not send
 */
public record EndpointSettings(
    int packetSize,
    boolean discoverMtu,
    CongestionControl congestion,
    long window,
    long streamWindow,
    long streams,
    int segments,
    int datagramQueue) {

  /** A varint has 62 bits; two less keep every sum in the codec far from overflow. */
  public static final long WINDOW = 1L << 60;

  /**
   * Fits four bytes, see {@link QuicEndpoint#ID_LENGTH}. The codec raises it from half of it on, which few links will live to
   * see.
   */
  public static final long STREAMS = (1L << 30) - 1;

  public static EndpointSettings of(int packetSize, boolean discoverMtu, CongestionControl congestion, int segments) {
    return new EndpointSettings(packetSize, discoverMtu, congestion, WINDOW, WINDOW, STREAMS, segments, 4096);
  }
}
