package io.weft.store.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.HealthStatus;
import io.weft.store.StoreUnavailable;
import io.weft.testkit.Await;
import io.weft.testkit.PoolerProcess;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pooler that shares connections lets two clients hold one lock; the store does not work through one. */
class PoolerTest {

  private static final String PASSWORD = "a good password";

  @Test
  void aPoolerIsFoundOutAndRefused() throws Exception {
    try (StoreRig rig = new StoreRig()) {
      rig.secrets().put("secret:file/db", PASSWORD);
      PostgresStore direct = rig.open(Map.of("password", "secret:file/db"));
      String address = direct.listeners().get(0).address();
      try (PoolerProcess pooler = new PoolerProcess(Integer.parseInt(address.substring(address.indexOf(':') + 1)), "weft", PASSWORD)) {
        PostgresStore through = rig.begin(Map.of("url", "jdbc:postgresql://127.0.0.1:" + pooler.port() + "/weft?prepareThreshold=0",
            "user", "weft", "password", "secret:file/db"));
        assertThatThrownBy(() -> through.dedicated("lock")).isInstanceOf(StoreUnavailable.class).hasMessage(SelfTest.POOLED);
        Await.until("health to say so", StoreRig.SOON, () -> through.check().stream().anyMatch(
            r -> r.status() == HealthStatus.critical && r.message().equals(SelfTest.POOLED)));
        through.close();
      }
    }
  }
}
