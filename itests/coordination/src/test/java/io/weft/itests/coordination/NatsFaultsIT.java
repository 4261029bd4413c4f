package io.weft.itests.coordination;

import java.time.Duration;
import org.junit.jupiter.api.Tag;

@Tag("nightly")
class NatsFaultsIT extends Faults {

  @Override
  String backend() {
    return "nats";
  }

  @Override
  Duration ttl() {
    return Duration.ofSeconds(1);
  }

  /** Servers of NATS wait 4 to 9 s, and again if they disagree, before they elect another leader of the stream. */
  @Override
  Duration recoveryMax() {
    return Duration.ofSeconds(30);
  }
}
