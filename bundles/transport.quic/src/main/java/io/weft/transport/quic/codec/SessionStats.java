package io.weft.transport.quic.codec;

/** Figures of a connection since it began. */
public record SessionStats(
    long rttNanos,
    long packetsReceived,
    long packetsSent,
    long packetsLost,
    long packetsRetransmitted,
    long bytesSent,
    long bytesReceived) {}
