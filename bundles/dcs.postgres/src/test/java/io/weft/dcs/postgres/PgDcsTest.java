package io.weft.dcs.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.testkit.Await;
import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PgDcsTest extends DcsContract {

  private PgRig rig;

  @Override
  protected DcsRig open() throws Exception {
    rig = new PgRig();
    return rig;
  }

  @Test
  void aLostConnectionMayEndASessionAtOnce() throws Exception {
    Map<String, Object> quick = Map.of("release_on_disconnect", true);
    try (DcsRig.Client holder = rig.client(quick); DcsRig.Client other = rig.client(quick)) {
      Session session = holder.dcs().open("quick", Duration.ofMinutes(5)).toCompletableFuture().join();
      holder.dcs().put("quick/key", new byte[] {1}, Expect.any(), session).toCompletableFuture().join();
      rig.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%INSERT INTO%dcs_session%' AND pid "
          + "<> pg_backend_pid()");
      Dcs dcs = other.dcs();
      Await.until("the key to go", Duration.ofSeconds(20),
          () -> dcs.get("quick/key", ReadMode.LINEARIZABLE).toCompletableFuture().join().isEmpty());
      assertThat(session.name()).isEqualTo("quick");
    }
  }
}
