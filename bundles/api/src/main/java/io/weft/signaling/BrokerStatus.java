package io.weft.signaling;

import java.util.Map;

/**
 * @param address where it listens, {@code host:port}; empty while it does not
 * @param tls whether it speaks HTTPS rather than HTTP
 * @param messages that wait in all mailboxes
 * @param bytes of those messages
 * @param counters since it started, by stable name
 * @param problem why it does not listen, in one line; empty if it does
 */
public record BrokerStatus(
    String address, boolean tls, int mailboxes, int messages, long bytes, int connections, Map<String, Long> counters, String problem) {

  public BrokerStatus {
    counters = Map.copyOf(counters);
  }
}
