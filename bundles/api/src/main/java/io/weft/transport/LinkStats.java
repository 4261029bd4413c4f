package io.weft.transport;

/**
 * Figures of a link since it came up.
 *
 * @param rttNanos smoothed round trip; negative if not known
 * @param bytesSent on the wire if the transport knows, else of payload
 * @param lastReceivedNanos monotonic time of the last packet from the peer, as {@link io.weft.node.Clock#nanos}
 */
public record LinkStats(
    long rttNanos,
    long bytesSent,
    long bytesReceived,
    long packetsSent,
    long packetsLost,
    long packetsRetransmitted,
    long datagramsDropped,
    long lastReceivedNanos) {}
