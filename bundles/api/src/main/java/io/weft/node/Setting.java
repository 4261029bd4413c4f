package io.weft.node;

/**
 * One effective value.
 *
 * @param key dotted, as in the file: {@code transport.quic.listen}, {@code peers[1].name}
 * @param value as text; a secret is its reference
 * @param origin {@code file:line}, {@code environment NAME} or {@code default}
 * @param applies when a change takes effect, in words: "at once", "to new links", "after a restart"
 */
public record Setting(String key, String value, String origin, String applies) {}
