package io.weft.itests.coordination;

import io.weft.itests.Machine;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.lab.Lab;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** A NATS of three servers, which needs a current one: {@code NATS_CURRENT_BIN}. */
@Tag("nightly")
class NatsPartitionIT extends ServerPartitions {

  @Override
  FaultyStore store(Lab inside) {
    Machine.check(System.getenv("NATS_CURRENT_BIN") != null, "NATS_CURRENT_BIN does not name a current nats-server");
    return FaultyStore.natsAt(i -> HOSTS.get("s" + i), i -> inside.inside("s" + i));
  }

  /** A leader of a stream that has lost its quorum is told so after some ten seconds; what it accepts meanwhile it never acknowledges. */
  @Override
  Duration stepsDownMax() {
    return Duration.ofSeconds(12);
  }

  /** Servers of NATS wait 4 to 9 s, and again if they disagree, before they elect another leader of the stream. */
  @Override
  Duration recoveryMax() {
    return Duration.ofSeconds(30);
  }
}
