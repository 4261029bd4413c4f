package io.weft.transport.quic;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was counted since the component started. Any thread. Names are constants of the code or reason codes of ours, so they are
 * few.
 */
final class Counters {

  static final String HANDSHAKES_STARTED = "handshakes_started";
  static final String HANDSHAKES_COMPLETED = "handshakes_completed";
  static final String HANDSHAKES_TIMED_OUT = "handshakes_timed_out";
  static final String HANDSHAKES_OVER_LIMIT = "handshakes_dropped_over_limit";
  static final String HANDSHAKES_OVER_RATE = "handshakes_dropped_over_rate";
  static final String HANDSHAKES_RETRIED = "handshakes_retried";
  static final String HANDSHAKES_UNWANTED = "handshakes_dropped_no_acceptor";
  static final String TOKENS_REFUSED = "tokens_refused";
  static final String STREAMS_OVER_LIMIT = "streams_refused_over_limit";
  static final String DATAGRAMS_SENT = "datagrams_sent";
  static final String DATAGRAMS_DROPPED = "datagrams_dropped";
  static final String DATAGRAMS_RECEIVED = "datagrams_received";
  static final String PACKETS_MALFORMED = "packets_dropped_malformed";
  static final String PACKETS_UNKNOWN = "packets_dropped_unknown_id";
  static final String PACKETS_STRANGE_SOURCE = "packets_dropped_other_source";
  static final String PACKETS_NOBODYS = "packets_dropped_not_quic";
  static final String PACKETS_UNSENT = "packets_unsent";
  static final String BIND_FAILURES = "bind_failures";

  private final ConcurrentHashMap<String, LongAdder> values = new ConcurrentHashMap<>();

  /** Those that people look for are there before they are counted. */
  Counters() {
    List.of(
            HANDSHAKES_STARTED, HANDSHAKES_COMPLETED, HANDSHAKES_TIMED_OUT, HANDSHAKES_OVER_LIMIT, HANDSHAKES_OVER_RATE,
            HANDSHAKES_RETRIED, TOKENS_REFUSED, STREAMS_OVER_LIMIT, DATAGRAMS_SENT, DATAGRAMS_DROPPED, DATAGRAMS_RECEIVED,
            PACKETS_MALFORMED, PACKETS_UNKNOWN, PACKETS_STRANGE_SOURCE, PACKETS_NOBODYS, PACKETS_UNSENT, BIND_FAILURES)
        .forEach(name -> values.put(name, new LongAdder()));
  }

  void add(String name) {
    values.computeIfAbsent(name, n -> new LongAdder()).increment();
  }

  /** A handshake that ended with one of the codes of {@link io.weft.transport.HandshakeFailed}. */
  void refused(String code) {
    add("handshakes_refused_" + code);
  }

  long get(String name) {
    LongAdder value = values.get(name);
    return value == null ? 0 : value.sum();
  }

  Map<String, Long> snapshot() {
    Map<String, Long> all = new TreeMap<>();
    values.forEach((name, value) -> all.put(name, value.sum()));
    return all;
  }
}
