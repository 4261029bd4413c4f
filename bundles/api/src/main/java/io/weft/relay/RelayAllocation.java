package io.weft.relay;

import java.time.Instant;

/**
 * A port that this node lends to a client.
 *
 * @param user who, without the expiry of the credentials
 * @param client where the client is, {@code host:port}
 * @param protocol {@code udp}, {@code tcp} or {@code tls}
 * @param relayed the address that is lent, {@code host:port}
 * @param permissions peers that may send to it now
 * @param channels peers that have a channel now
 * @param bytesSent of data, from the client to peers
 * @param bytesReceived of data, from peers to the client
 */
public record RelayAllocation(
    String user,
    String client,
    String protocol,
    String relayed,
    int permissions,
    int channels,
    long bytesSent,
    long bytesReceived,
    Instant since,
    Instant expires) {}
