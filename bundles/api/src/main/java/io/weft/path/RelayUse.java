package io.weft.path;

import io.weft.node.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A relay as this node uses it.
 *
 * @param url such as {@code turn:203.0.113.7:3478?transport=udp}; never a credential
 * @param source {@code config}, or the name of the peer that relays
 * @param relayed the address that it lends us now, {@code host:port}; empty if none
 * @param paths how many paths go through it now
 * @param expires when its credentials end; null if none were made
 * @param problem why the last attempt to use it failed; null if it did not
 */
public record RelayUse(String url, String source, String relayed, int paths, long bytesSent, long bytesReceived,
    @Nullable Instant expires, @Nullable Reason problem) {}
