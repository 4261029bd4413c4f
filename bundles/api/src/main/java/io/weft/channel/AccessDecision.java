package io.weft.channel;

/**
 * Whether a peer may open a channel to a service here.
 *
 * @param rule the rule that decided, in words, such as {@code allow b (expose pg)} or {@code default deny}
 */
public record AccessDecision(String peer, String service, ChannelKind kind, boolean allowed, String rule) {}
