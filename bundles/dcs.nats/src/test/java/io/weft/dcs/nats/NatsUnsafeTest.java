package io.weft.dcs.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.WriteResult;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import io.weft.testkit.dcs.DcsRig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An old server with replicas lets two compare-and-sets on one revision succeed, so nothing is written there. */
class NatsUnsafeTest {

  @Test
  void anOldServerWithReplicasIsRefused() {
    try (NatsRig rig = NatsRig.unsafe(ServerProcess.require("nats-server"), 3); DcsRig.Client client = rig.client()) {
      Dcs dcs = client.dcs();
      Await.until("the refusal", Duration.ofSeconds(60), () ->
          dcs.put("k", new byte[1], Expect.absent(), null).toCompletableFuture().join() instanceof WriteResult.Refused refused
              && refused.reason().contains("two writers"));
      assertThat(dcs.open("s", Duration.ofSeconds(5)).toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
    }
  }
}
