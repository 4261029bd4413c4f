package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.coordination.JobInfo;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobSpec;
import io.weft.coordination.Jobs;
import io.weft.coordination.Lease;
import io.weft.coordination.LeaseHolder;
import io.weft.coordination.LeaseInfo;
import io.weft.coordination.Leases;
import io.weft.coordination.Schedule;
import io.weft.dcs.DcsMembers;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.WriteResult;
import io.weft.node.Registration;
import io.weft.shell.Rig;
import io.weft.shell.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What an operator sees of leases, jobs and the store. */
class CoordinationCommandsTest {

  private static final Instant THEN = Instant.parse("2026-01-01T01:00:00Z");

  private final List<String> done = new ArrayList<>();
  private final Rig rig = new Sample().rig.with(new OneLease(), new OneJob());

  @Test
  void leasesAreShown() {
    assertThat(rig.run("lease list").out()).contains("jobs/billing/0", "b", "42");
    assertThat(rig.run("lease show", "jobs/billing/0").out()).contains("known to its holder only");
    assertThat(rig.run("lease show", "other").exit()).isEqualTo(3);
  }

  @Test
  void aLeaseIsOnlyTakenAwayWithYes() {
    assertThat(rig.run("lease release", "jobs/billing/0").out()).contains("would take", "add --yes");
    assertThat(done).isEmpty();
    assertThat(rig.run("lease release", "jobs/billing/0", "--yes").failure()).contains("not known whether it was done");
    assertThat(done).containsExactly("release 42");
  }

  @Test
  void jobsAreShownAndChanged() {
    assertThat(rig.run("job list").out()).contains("billing", "every 1h", "paused");
    assertThat(rig.run("job show", "billing").out()).contains("time limit");
    assertThat(rig.run("job why", "billing").out()).isEqualTo("b holds its lease\n");
    assertThat(rig.run("job history", "billing").out()).contains("done", "b");
    assertThat(rig.run("job run", "billing").out()).contains("would run the job");
    assertThat(rig.run("job run", "billing", "--yes").exit()).isZero();
    assertThat(rig.run("job pause", "billing", "--yes").failure()).isEqualTo("the store is away");
    assertThat(rig.run("job show", "none").failure()).contains("it has billing");
    assertThat(done).containsExactly("run billing");
  }

  @Test
  void keysAreOnlyChangedWithYes() {
    assertThat(rig.run("dcs put", "app/new", "x").out()).contains("would write", "which is new");
    assertThat(rig.run("dcs get", "app/new").exit()).isEqualTo(1);
    assertThat(rig.run("dcs put", "app/new", "x", "--yes").out()).contains("written at revision");
    assertThat(rig.run("dcs get", "app/new").out()).contains("x");
    assertThat(rig.run("dcs delete", "app/new", "--yes").exit()).isZero();
    assertThat(rig.run("dcs get", "app//bad").exit()).isEqualTo(2);
    assertThat(rig.run("dcs list", "nothing/").out()).contains("there are no such keys");
    assertThat(rig.run("dcs members").out()).contains("does not tell");
    assertThat(rig.run("dcs add", "d", "--yes").failure())
        .isEqualTo("memory is not kept by nodes of the fabric; change its members with its own tools");
  }

  @Test
  void membersAreOnlyChangedWithYes() {
    rig.with(new SomeMembers());
    assertThat(rig.run("dcs add", "d").out()).contains("would add d", "add --yes");
    assertThat(rig.run("dcs transfer", "b").out()).contains("would transfer the lead to b");
    assertThat(done).isEmpty();
    assertThat(rig.run("dcs add", "d", "--yes").out()).isEqualTo("d added\n");
    assertThat(rig.run("dcs transfer", "b", "--yes", "--json").out()).contains("\"done\": true");
    assertThat(rig.run("dcs remove", "c", "--yes")).isEqualTo(new Rig.Result("", "what is left could not decide anything", 3));
    assertThat(done).containsExactly("add d", "transfer b");
  }

  @Test
  void aNodeThatRunsIsNotRecovered() {
    Rig.Result result = rig.run("dcs recover", "--yes");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.failure()).contains("stop it, then: weft dcs recover --home");
  }

  private final class SomeMembers implements DcsMembers {
    @Override
    public CompletionStage<Void> add(String node) {
      done.add("add " + node);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> remove(String node) {
      return CompletableFuture.failedStage(new DcsUnavailable("what is left could not decide anything"));
    }

    @Override
    public CompletionStage<Void> transfer(String node) {
      done.add("transfer " + node);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> compact() {
      return CompletableFuture.completedStage(null);
    }
  }

  private final class OneLease implements Leases {
    private final LeaseInfo lease = new LeaseInfo("jobs/billing/0", "b", 42, THEN, Duration.ofSeconds(10), Optional.empty());

    @Override
    public CompletableFuture<Lease> acquire(String name, Duration ttl) {
      return new CompletableFuture<>();
    }

    @Override
    public Registration contend(String name, Duration ttl, LeaseHolder holder) {
      return () -> {};
    }

    @Override
    public CompletionStage<List<LeaseInfo>> list() {
      return CompletableFuture.completedStage(List.of(lease));
    }

    @Override
    public CompletionStage<Optional<LeaseInfo>> show(String name) {
      return CompletableFuture.completedStage(Optional.of(lease).filter(l -> l.name().equals(name)));
    }

    @Override
    public CompletionStage<WriteResult> release(String name, long token) {
      done.add("release " + token);
      return CompletableFuture.completedStage(new WriteResult.Indeterminate("no answer"));
    }
  }

  private final class OneJob implements Jobs {
    private final JobRecord run =
        new JobRecord("billing", THEN, 0, "b", 42, THEN, THEN.plusSeconds(3), JobRecord.Outcome.DONE, "");
    private final JobInfo job = new JobInfo(JobSpec.singleton("billing", Schedule.every(Duration.ofHours(1))), true, null, false,
        Optional.empty(), Optional.of(run));

    @Override
    public List<JobInfo> list() {
      return List.of(job);
    }

    @Override
    public Optional<JobInfo> show(String name) {
      return Optional.of(job).filter(j -> name.equals("billing"));
    }

    @Override
    public CompletionStage<Void> run(String name) {
      done.add("run " + name);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> pause(String name) {
      return CompletableFuture.failedStage(new DcsUnavailable("the store is away"));
    }

    @Override
    public CompletionStage<Void> resume(String name) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<List<String>> why(String name) {
      return CompletableFuture.completedStage(List.of("b holds its lease"));
    }

    @Override
    public CompletionStage<List<JobRecord>> history(String name) {
      return CompletableFuture.completedStage(List.of(run));
    }
  }
}
