package io.weft.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.DcsUnavailable;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.testkit.ManualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Every setting of a store that is not safe is a line of posture; a store that is away is no reason to call the node ill. */
class DcsHealthTest {

  private static final Duration LATER = Duration.ofSeconds(13);

  private final ManualTime time = new ManualTime();
  private final CurrentDcs current = new CurrentDcs("");
  private final DcsHealth health = new DcsHealth(new Parts(current, "a", time, time, Runnable::run, Duration.ofSeconds(10)));
  private CompletionStage<DcsStatus> answer = CompletableFuture.completedStage(status(3, true, true, true));

  @Test
  void aNodeWithoutAStoreHasNothingToSay() {
    assertThat(health.check()).isEmpty();
  }

  @Test
  void aSafeStoreIsOk() {
    current.add(store());
    assertThat(health.check()).allSatisfy(r -> assertThat(r.status()).isEqualTo(HealthStatus.ok)).hasSize(5);
    assertThat(lines(HealthKind.readiness)).containsExactly("dcs ok three servers");
  }

  @Test
  void everyUnsafeSettingIsNamed() {
    answer = CompletableFuture.completedStage(status(1, false, false, false));
    current.add(store());
    assertThat(lines(HealthKind.posture)).containsExactly(
        "dcs-replicated warn etcd: not replicated: one server keeps each write; its loss is the loss of all leases",
        "dcs-synced warn etcd: not synced: what was confirmed may be lost when the power fails",
        "dcs-authenticated warn etcd: not authenticated: whoever reaches it can take every lease; set a user or a token",
        "dcs-encrypted warn etcd: not encrypted: whoever is on the way can read and change everything; use TLS");
  }

  @Test
  void whatTheStoreDoesNotTellIsNotCalledSafe() {
    answer = CompletableFuture.completedStage(status(null, null, null, null));
    current.add(store());
    assertThat(lines(HealthKind.posture)).containsExactly(
        "dcs-replicated unknown etcd: not known whether it is replicated",
        "dcs-synced unknown etcd: not known whether it is synced",
        "dcs-authenticated unknown etcd: not known whether it is authenticated",
        "dcs-encrypted unknown etcd: not known whether it is encrypted");
  }

  @Test
  void whatChangesIsNoticed() {
    current.add(store());
    answer = CompletableFuture.failedStage(new DcsUnavailable("etcd: no answer in time"));
    time.advance(LATER);
    assertThat(lines(HealthKind.readiness)).containsExactly("dcs warn etcd: no answer in time");
    assertThat(lines(HealthKind.posture)).as("nothing is known then").isEmpty();
    answer = CompletableFuture.completedStage(status(1, true, true, true));
    time.advance(LATER);
    assertThat(lines(HealthKind.posture)).anyMatch(l -> l.startsWith("dcs-replicated warn"));
  }

  @Test
  void aStoreThatIsSwitchedOffIsForgotten() {
    current.add(store());
    current.wanted("none");
    assertThat(health.check()).isEmpty();
    current.wanted("etcd");
    assertThat(health.check()).hasSize(5);
    health.close();
  }

  private List<String> lines(HealthKind kind) {
    return health.check().stream().filter(r -> r.kind() == kind).map(DcsHealthTest::line).toList();
  }

  private static String line(HealthResult result) {
    return result.name() + " " + result.status() + " " + result.message();
  }

  private Dcs store() {
    return (Dcs) Proxy.newProxyInstance(Dcs.class.getClassLoader(), new Class<?>[] {Dcs.class}, (proxy, method, args) ->
        switch (method.getName()) {
          case "backend" -> "etcd";
          case "status" -> answer;
          case "equals" -> proxy == args[0];
          case "hashCode" -> System.identityHashCode(proxy);
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  private static DcsStatus status(Integer replicas, Boolean synced, Boolean authenticated, Boolean encrypted) {
    return new DcsStatus(DcsStatus.State.SERVING, "three servers", Optional.of("one"), 7, List.of(), Optional.ofNullable(replicas),
        Optional.ofNullable(synced), Optional.ofNullable(authenticated), Optional.ofNullable(encrypted));
  }
}
