package io.weft.itests.coordination;

import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.lab.Lab;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** An etcd of three members. */
@Tag("nightly")
class PartitionIT extends ServerPartitions {

  @Override
  FaultyStore store(Lab inside) {
    return FaultyStore.etcdAt(i -> HOSTS.get("s" + i), i -> inside.inside("s" + i));
  }

  @Override
  Duration stepsDownMax() {
    return Duration.ofSeconds(5);
  }
}
