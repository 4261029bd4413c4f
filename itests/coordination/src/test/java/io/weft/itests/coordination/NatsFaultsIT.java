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
}
