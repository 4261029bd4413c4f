package io.weft.dcs.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.DcsUnavailable;
import io.weft.testkit.PoolerProcess;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A pooler that shares connections lets two clients hold one lock. No session is opened through one. */
class PgPoolerTest {

  @Test
  void aPoolerIsFoundOutAndRefused() throws Exception {
    try (PgRig rig = new PgRig(); PoolerProcess pooler = new PoolerProcess(rig.port(), "postgres", "")) {
      PgDcs through = rig.dcs(pooler.port(), Map.of());
      PgDcs direct = rig.dcs(rig.port(), Map.of());
      assertThat(through.open("pooled", Duration.ofSeconds(5)).toCompletableFuture())
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(DcsUnavailable.class)
          .withMessageContaining("pooler")
          .withMessageContaining("dcs.postgres.url");
      assertThat(direct.open("direct", Duration.ofSeconds(5)).toCompletableFuture()).succeedsWithin(Duration.ofSeconds(30));
      through.close();
      direct.close();
    }
  }
}
