package io.weft.billing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.Hour;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.coordination.Job;
import io.weft.coordination.JobScope;
import io.weft.coordination.Schedule;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.testkit.dcs.MemoryStore;
import io.weft.testkit.job.FakeJobRun;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

@ExtendWith(WithPostgres.class)
class BillingJobsTest {

  private static final Hour NOW = Hour.of(Rig.NOON);
  private static final long TEN_GB = 524_288_000L + (10L << 30);

  private final List<Job> registered = new ArrayList<>();

  @Test
  void theJobsAreThereWithTheirSchedulesAndGoWithTheComponent(Rig rig) {
    BillingJobs jobs = jobs(new Parts(rig, Map.of("deduction_every_seconds", 7)));
    assertThat(registered).extracting(j -> j.spec().name())
        .containsExactly("hourly-deduction", "deposit-credit", "account-suspension", "reconciliation", "statement-export");
    assertThat(job("hourly-deduction").spec().schedule()).isEqualTo(Schedule.every(Duration.ofSeconds(7)));
    assertThat(registered).allMatch(j -> j.spec().scope().equals(JobScope.everyNode())); // the lock of the database decides
    jobs.close();
    assertThat(registered).isEmpty();
  }

  @Test
  void whoDecidesChangesWithTheDcs(Rig rig) {
    Parts parts = new Parts(rig, Map.of());
    BillingJobs jobs = jobs(parts);
    MemoryDcs dcs = new MemoryDcs(new MemoryStore(rig.time, rig.time), Runnable::run);
    parts.singleton.use(List.of(dcs));
    jobs.addDcs(dcs);
    assertThat(registered).hasSize(5).allMatch(j -> j.spec().scope().equals(JobScope.fabric()));
    List<Job> before = List.copyOf(registered);
    jobs.addDcs(dcs);
    assertThat(registered).as("nothing changed").isEqualTo(before);
    parts.singleton.use(List.of());
    jobs.removeDcs(dcs);
    assertThat(registered).hasSize(5).allMatch(j -> j.spec().scope().equals(JobScope.everyNode()));
    jobs.close();
    jobs.addDcs(dcs);
    assertThat(registered).isEmpty();
  }

  @Test
  void eachJobDoesItsWork(Rig rig, @TempDir Path home) throws Exception {
    rig.accounts(2, TEN_GB, NOW.plus(-3));
    rig.execute("UPDATE accounts SET credit_limit = 0 WHERE number = 1");
    Parts parts = new Parts(rig, Map.of(), home);
    parts.core.use(rig.plan);
    BillingHealth health = new BillingHealth(parts.core, parts.singleton);
    BillingJobs jobs = new BillingJobs(context(), parts.core, parts.singleton, health);
    job("hourly-deduction").run(rig.run());
    job("deposit-credit").run(rig.run());
    assertThat(rig.query("SELECT count(*) FROM entries")).as("the first suspends account 1").isEqualTo("4");
    job("account-suspension").run(rig.run());
    assertThat(rig.query("SELECT state FROM accounts WHERE number = 1")).isEqualTo("suspended");
    FakeJobRun check = rig.run();
    job("reconciliation").run(check);
    assertThat(check.told().get(check.told().size() - 1).message()).isEqualTo("2 accounts, 4 entries, all checks good");
    assertThat(health.check()).extracting(HealthResult::status).containsOnly(HealthStatus.ok);
    job("statement-export")
        .run(new FakeJobRun("statement-export", Instant.parse("2026-04-01T00:10:00Z"), 1, rig.time, Duration.ofMinutes(5)));
    assertThat(Files.readAllLines(home.resolve("data/billing/statements/statements-2026-03.csv"))).hasSize(3);
    jobs.close();
    parts.singleton.close();
  }

  @Test
  void booksThatAreWrongFailTheReconciliationAndTheHealth(Rig rig) throws Exception {
    rig.accounts(1, TEN_GB, NOW);
    rig.execute("UPDATE accounts SET balance = 1");
    Parts parts = new Parts(rig, Map.of());
    BillingHealth health = new BillingHealth(parts.core, parts.singleton);
    BillingJobs jobs = new BillingJobs(context(), parts.core, parts.singleton, health);
    assertThatThrownBy(() -> job("reconciliation").run(rig.run()))
        .hasMessage("the books are wrong: sum equals balance; see billing:verify");
    assertThat(health.check()).anyMatch(r -> r.name().equals("books") && r.status() == HealthStatus.critical
        && r.message().equals("wrong: sum equals balance; see billing:verify"));
    rig.execute("UPDATE accounts SET balance = 0");
    job("reconciliation").run(rig.run());
    assertThat(health.check()).anyMatch(r -> r.name().equals("books") && r.status() == HealthStatus.ok);
    jobs.close();
    parts.singleton.close();
  }

  private BillingJobs jobs(Parts parts) {
    return new BillingJobs(context(), parts.core, parts.singleton, new BillingHealth(parts.core, parts.singleton));
  }

  private Job job(String name) {
    return registered.stream().filter(j -> j.spec().name().equals(name)).findFirst().orElseThrow();
  }

  /** One that takes services, and nothing else. */
  private BundleContext context() {
    return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (proxy, method, args) -> {
      if (!method.getName().equals("registerService")) {
        throw new UnsupportedOperationException(method.getName());
      }
      Job job = (Job) args[1];
      registered.add(job);
      return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class},
          (self, called, none) -> {
        registered.remove(job);
        return null;
      });
    });
  }
}
