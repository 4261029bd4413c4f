package io.weft.channel;

/**
 * A local address that leads to a service.
 *
 * @param at the peer that offers it, or {@code any}
 * @param address as configured, such as {@code 127.0.0.1:15432}
 * @param bound where it listens now, such as {@code 127.0.0.1:15432}; empty if it could not bind
 * @param problem why it does not listen; empty if it does
 * @param configured whether it is from {@code weft.yaml} rather than from the shell
 * @param active connections or flows now
 */
public record ForwardInfo(
    String service, String at, ChannelKind kind, String address, String bound, String problem, boolean configured, int active, long total) {}
