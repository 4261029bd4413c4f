package io.weft.itests.coordination;

import java.time.Duration;
import org.junit.jupiter.api.Tag;

@Tag("nightly")
class EtcdFaultsIT extends Faults {

  @Override
  String backend() {
    return "etcd";
  }

  @Override
  Duration ttl() {
    return Duration.ofSeconds(2);
  }
}
