package io.weft.node;

/**
 * A socket that others can reach.
 *
 * @param address host and port, or a path for a Unix socket
 * @param protocol {@code udp}, {@code tcp} or {@code unix}
 * @param role what it is for: {@code transport}, {@code forward}, {@code control}, ...
 */
public record Listener(String address, String protocol, String role) {}
