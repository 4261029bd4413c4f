package io.weft.itests.coordination;

import java.time.Duration;
import org.junit.jupiter.api.Tag;

@Tag("nightly")
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
