package io.weft.relay.server;

import java.util.HashMap;
import java.util.Map;

/** How many allocations there are, in all and by user. Any thread. */
final class Quotas {

  /** Why there is no room. */
  enum Verdict {
    granted,
    user_full,
    relay_full
  }

  private final Map<String, Integer> byUser = new HashMap<>();
  private int all;

  synchronized Verdict take(String user, Limits limits) {
    int has = byUser.getOrDefault(user, 0);
    if (has >= limits.allocationsPerUser()) {
      return Verdict.user_full;
    }
    if (all >= limits.allocationsMax()) {
      return Verdict.relay_full;
    }
    byUser.put(user, has + 1);
    all++;
    return Verdict.granted;
  }

  synchronized void give(String user) {
    all--;
    byUser.computeIfPresent(user, (name, has) -> has > 1 ? has - 1 : null);
  }

  synchronized int all() {
    return all;
  }
}
