package io.weft.path.ice;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened, by stable name. Any thread. */
final class IceCounters {

  static final String SIGNALS_STALE = "signals_stale";
  static final String SIGNALS_MALFORMED = "signals_malformed";
  static final String SIGNALS_OVER_LIMIT = "signals_over_limit";
  static final String SIGNALS_DONE = "signals_done";
  static final String SIGNALS_UNSENT = "signals_unsent";
  static final String SIGNALS_STRANGE = "signals_from_strangers";
  static final String OFFERS_CROSSED = "offers_crossed";
  static final String OFFERS_DEFERRED = "offers_deferred";
  static final String CANDIDATES_OVER_LIMIT = "candidates_over_limit";
  static final String CANDIDATES_FILTERED = "candidates_filtered_";
  static final String PAIRS_OVER_LIMIT = "pairs_over_limit";
  static final String PORTS_OPENED = "ports_opened";
  static final String PORTS_REFUSED = "ports_refused";
  static final String ATTEMPTS = "attempts";
  static final String ATTEMPTS_CONNECTED = "attempts_connected";
  static final String ATTEMPTS_FAILED = "attempts_failed_";
  static final String PATHS_MOVED = "paths_moved";
  static final String PATHS_RELAYED = "paths_relayed";
  static final String CONSENT_EXPIRED = "consent_expired";
  static final String STUN_MALFORMED = "stun_malformed";
  static final String STUN_UNAUTHENTIC = "stun_unauthentic";
  static final String STUN_UNKNOWN = "stun_unknown";

  private final Map<String, LongAdder> values = new ConcurrentHashMap<>();

  void add(String name) {
    values.computeIfAbsent(name, n -> new LongAdder()).increment();
  }

  long get(String name) {
    LongAdder value = values.get(name);
    return value == null ? 0 : value.sum();
  }

  Map<String, Long> all() {
    Map<String, Long> all = new TreeMap<>();
    values.forEach((name, value) -> all.put(name, value.sum()));
    return all;
  }
}
