package io.weft.billing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.coordination.JobScope;
import io.weft.coordination.Schedule;
import io.weft.testkit.Await;
import io.weft.testkit.job.FakeJobRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithPostgres.class)
class SingletonTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final List<String> acted = new ArrayList<>();

  @Test
  void withoutDcsTheLockOfTheDatabaseLetsOneActAndAnotherWhenItsSessionDies(Rig rig) throws Exception {
    Singleton a = new Parts(rig, Map.of()).singleton;
    Singleton b = new Parts(rig, Map.of()).singleton;
    FakeJobRun standby = rig.run(0);
    run(a, "a", rig.run(0));
    run(a, "a", rig.run(0));
    run(b, "b", standby);
    assertThat(acted).containsExactly("a 1 database", "a 1 database");
    assertThat(a.holdsLock()).isTrue();
    assertThat(b.holdsLock()).isFalse();
    assertThat(standby.told()).extracting(FakeJobRun.Told::message)
        .containsExactly("standby: another node holds the lock of the database");
    rig.query("SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted");
    Await.until("b to act", SOON, () -> {
      run(b, "b", rig.run(0));
      return acted.contains("b 2 database");
    });
    int before = acted.size();
    run(a, "a", rig.run(0));
    assertThat(acted).hasSize(before);
    b.close();
    run(a, "a", rig.run(0));
    assertThat(acted).last().isEqualTo("a 3 database");
    a.close();
  }

  @Test
  void aLeaseOfTheDcsIsPassedOnAndOffLetsEverybodyAct(Rig rig) throws Exception {
    Singleton dcs = new Parts(rig, Map.of("singleton", "dcs")).singleton;
    assertThat(dcs.mode()).isEqualTo(Singleton.Mode.DCS);
    assertThat(job(dcs).spec().scope()).isEqualTo(JobScope.fabric());
    run(dcs, "a", rig.run(42));
    Singleton off = new Parts(rig, Map.of("singleton", "off")).singleton;
    run(off, "b", rig.run(0));
    assertThat(job(off).spec().scope()).isEqualTo(JobScope.everyNode());
    assertThat(acted).containsExactly("a 42 dcs", "b 0 none");
  }

  @Test
  void aRunThatMayNotGoOnDoesNotEvenAskForTheLock(Rig rig) throws Exception {
    Singleton singleton = new Parts(rig, Map.of()).singleton;
    FakeJobRun run = rig.run(0);
    run.cancel();
    assertThatThrownBy(() -> job(singleton).run(run)).hasMessageContaining("may not go on");
    assertThat(singleton.holdsLock()).isFalse();
  }

  private SingletonJob job(Singleton singleton) {
    return new SingletonJob("job", Schedule.every(Duration.ofMinutes(1)), singleton, singleton.mode(), (run, source) ->
        acted.add(source));
  }

  private void run(Singleton singleton, String name, FakeJobRun run) throws Exception {
    singleton.run(singleton.mode(), run, (inner, source) -> acted.add(name + " " + inner.token() + " " + source));
  }
}
