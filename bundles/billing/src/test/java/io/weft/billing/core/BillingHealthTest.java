package io.weft.billing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.billing.ledger.Charged;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithPostgres.class)
class BillingHealthTest {

  private static final Charged NOTHING = new Charged(0, 0, 0, BigDecimal.ZERO);

  @Test
  void aFailureIsSaidUntilARunSucceeds(Rig rig) throws Exception {
    BillingHealth health = health(rig, Map.of());
    assertThat(health.check()).extracting(HealthResult::message).containsExactly("no charge failed here");
    fails(health, () -> {
      throw new SQLException("744 hours are owed,\n more than that", "WF003");
    });
    assertThat(health.check()).extracting(HealthResult::message)
        .containsExactly("charging failed here, and is tried again: 744 hours are owed, more than that");
    health.charging(() -> NOTHING);
    assertThat(health.check()).extracting(HealthResult::status).containsExactly(HealthStatus.ok);
    fails(health, () -> {
      throw new IllegalStateException("there is no rating plan; nothing is charged");
    });
    assertThat(health.check()).extracting(HealthResult::status).containsExactly(HealthStatus.warn);
  }

  /** That another one acts, or that it was cancelled, is as it should be. */
  @Test
  void whoLostTheLeaseIsNotUnwell(Rig rig) {
    BillingHealth health = health(rig, Map.of());
    fails(health, () -> {
      throw new SQLException("stale fencing token", "WF001");
    });
    fails(health, () -> {
      throw new CancellationException("the run may not go on");
    });
    assertThat(health.check()).extracting(HealthResult::status).containsExactly(HealthStatus.ok);
  }

  @Test
  void eachSafetyThatIsOffIsNamed(Rig rig) {
    for (Map<String, Object> off : List.<Map<String, Object>>of(
        Map.of("idempotency", false), Map.of("fencing", false), Map.of("singleton", "off"))) {
      assertThat(health(rig, off).check()).as(off.toString()).anyMatch(r -> r.kind() == HealthKind.posture
          && r.status() == HealthStatus.warn && r.message().contains("billing." + off.keySet().iterator().next()));
    }
    assertThat(health(rig, Map.of()).check()).noneMatch(r -> r.kind() == HealthKind.posture);
  }

  private static BillingHealth health(Rig rig, Map<String, Object> config) {
    Parts parts = new Parts(rig, config);
    return new BillingHealth(parts.core, parts.singleton);
  }

  private static void fails(BillingHealth health, Callable<Charged> charging) {
    assertThatThrownBy(() -> health.charging(charging)).isInstanceOf(Exception.class);
  }
}
