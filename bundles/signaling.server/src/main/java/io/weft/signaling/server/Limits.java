package io.weft.signaling.server;

import java.time.Duration;

/** Bounds of the broker. */
record Limits(int mailboxes, long memoryBytes, int senderPerSecond, int networkPerSecond, int connections, int connectionsPerAddress) {

  /** Messages in one mailbox. */
  static final int MAILBOX_MESSAGES = 64;

  /** Bytes in one mailbox. */
  static final int MAILBOX_BYTES = 256 * 1024;

  /** Senders whose latest attempt one mailbox remembers. */
  static final int MAILBOX_SENDERS = 1_024;

  /** How long a poll waits for a message. */
  static final Duration POLL = Duration.ofSeconds(25);

  /** From the beginning of a connection, or the last answer, until the next request is there as a whole. */
  static final Duration REQUEST = Duration.ofSeconds(10);

  /** Until a client took its answer. */
  static final Duration ANSWER = Duration.ofSeconds(10);

  static final int REQUEST_LINE_BYTES = 1_024;
  static final int HEADER_BYTES = 8 * 1024;

  /** Requests that all together may make us check signatures, per second. */
  static final int REQUESTS_PER_SECOND = 2_000;

  static Limits of(ServerConfig config) {
    return new Limits(config.mailboxes_max(), config.memory_max_bytes(), config.rate_sender_max(), config.rate_network_max(),
        config.connections_max(), config.connections_address_max());
  }
}
