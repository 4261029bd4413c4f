package io.weft.channel;

import java.time.Instant;

/**
 * An open channel at one moment.
 *
 * @param opened whether this node opened it
 * @param waiting bytes that arrived and that the reader has not taken yet
 * @param sendWindow bytes that may be sent before the peer grants more
 */
public record ChannelInfo(
    long id,
    String peer,
    String service,
    ChannelKind kind,
    String origin,
    boolean opened,
    long bytesSent,
    long bytesReceived,
    long waiting,
    long sendWindow,
    Instant since) {}
