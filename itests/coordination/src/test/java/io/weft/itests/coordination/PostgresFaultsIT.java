package io.weft.itests.coordination;

import java.time.Duration;

/** Of the three stores the one with the shortest TTL, so this one runs with every commit. */
class PostgresFaultsIT extends Faults {

  @Override
  String backend() {
    return "postgres";
  }

  @Override
  Duration ttl() {
    return Duration.ofSeconds(1);
  }
}
