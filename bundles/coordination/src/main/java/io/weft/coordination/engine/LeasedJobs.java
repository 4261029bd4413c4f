package io.weft.coordination.engine;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.weft.coordination.Job;
import io.weft.coordination.JobInfo;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobScope;
import io.weft.coordination.Jobs;
import io.weft.coordination.LeaseInfo;
import io.weft.coordination.Leases;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Expect;
import io.weft.dcs.WriteResult;
import io.weft.support.Causes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of this node. */
@Component(name = "weft.coordination.jobs", service = Jobs.class, immediate = true)
public final class LeasedJobs implements Jobs, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LeasedJobs.class);
  private static final int JOBS_MAX = 1_000;

  private final Parts parts;
  private final Leases leases;
  private final Supplier<Duration> finish;
  private final Map<String, ScheduledJob> jobs = new ConcurrentHashMap<>();

  @Activate
  public LeasedJobs(@Reference Coordination core, @Reference Leases leases) {
    this(core.parts(), leases, core::finish);
  }

  LeasedJobs(Parts parts, Leases leases, Supplier<Duration> finish) {
    this.parts = parts;
    this.leases = leases;
    this.finish = finish;
  }

  /** A job that cannot be run is left out and said so; the others are not its concern. */
  @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
  void addJob(Job job) {
    try {
      ScheduledJob scheduled = new ScheduledJob(job, parts);
      String name = scheduled.spec().name();
      if (jobs.size() >= JOBS_MAX || jobs.putIfAbsent(name, scheduled) != null) {
        log.warn("job left out job={} problem=\"another one has its name, or there are {} already\"", name, JOBS_MAX);
        return;
      }
      scheduled.start();
    } catch (RuntimeException e) {
      log.warn("job left out class={} problem=\"{}\"", job.getClass().getName(), e.getMessage());
    }
  }

  void removeJob(Job job) {
    remove(job, finish.get());
  }

  private void remove(Job job, Duration most) {
    for (ScheduledJob scheduled : List.copyOf(jobs.values())) {
      if (scheduled.job() == job && jobs.remove(scheduled.spec().name(), scheduled)) {
        scheduled.remove(most);
      }
    }
  }

  @Override
  public List<JobInfo> list() {
    return new TreeMap<>(jobs).values().stream().map(ScheduledJob::info).toList();
  }

  @Override
  public Optional<JobInfo> show(String name) {
    return Optional.ofNullable(jobs.get(name)).map(ScheduledJob::info);
  }

  @Override
  public CompletionStage<Void> run(String name) {
    ScheduledJob job = jobs.get(name);
    if (job == null) {
      return unknown(name);
    }
    List<CompletionStage<Void>> asked = new ArrayList<>();
    for (int shard = 0; shard < job.runners().size(); shard++) {
      if (job.runners().get(shard) instanceof NodeRunner local) {
        local.runNow();
      } else {
        String key = JobKeys.wanted(name, shard);
        asked.add(confirmed(parts.dcs().ask(dcs -> dcs.put(key, by(), Expect.any(), null))));
      }
    }
    return CompletableFuture.allOf(asked.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
  }

  @Override
  public CompletionStage<Void> pause(String name) {
    return jobs.containsKey(name)
        ? confirmed(parts.dcs().ask(dcs -> dcs.put(JobKeys.paused(name), by(), Expect.any(), null))) : unknown(name);
  }

  @Override
  public CompletionStage<Void> resume(String name) {
    return jobs.containsKey(name)
        ? confirmed(parts.dcs().ask(dcs -> dcs.delete(JobKeys.paused(name), Expect.any()))) : unknown(name);
  }

  @Override
  public CompletionStage<List<JobRecord>> history(String name) {
    return parts.dcs().ask(dcs -> JobHistory.read(dcs, name));
  }

  @Override
  public CompletionStage<List<String>> why(String name) {
    ScheduledJob job = jobs.get(name);
    if (job == null) {
      return unknown(name);
    }
    if (job.spec().scope() instanceof JobScope.EveryNode) {
      return CompletableFuture.completedStage(lines(job, List.of()));
    }
    Dcs dcs = parts.dcs().get();
    if (dcs == null) {
      return CompletableFuture.completedStage(List.of("it does not run here: " + parts.dcs().missing()));
    }
    return leases.list().handle((all, failure) -> failure == null ? lines(job, all)
        : List.of("it does not run here unless it has begun: the DCS does not answer: " + Causes.of(failure).getMessage()));
  }

  private List<String> lines(ScheduledJob job, List<LeaseInfo> all) {
    List<String> lines = new ArrayList<>();
    if (job.board().isPaused()) {
      lines.add("it is paused in the whole fabric; job:resume " + job.spec().name() + " ends that");
    }
    for (Runner runner : job.runners()) {
      Runner.State state = runner.state();
      String shard = job.runners().size() == 1 ? "" : "shard " + state.shard() + ": ";
      if (state.running().isPresent()) {
        lines.add(shard + "it runs here, for the period " + state.running().get().period());
      } else if (state.holds()) {
        lines.add(shard + "this node runs it" + (state.next() == null ? "" : ", next at " + state.next()));
      } else {
        String lease = JobKeys.LEASES + job.spec().name() + "/" + state.shard();
        lines.add(shard + all.stream().filter(l -> l.name().equals(lease)).findFirst()
            .map(l -> l.owner() + " holds its lease since " + l.since() + ", with token " + l.token())
            .orElse("nobody holds its lease yet"));
      }
      state.running().or(state::last).map(JobRecord::message).filter(message -> !message.isEmpty())
          .ifPresent(message -> lines.add(
              shard + (state.running().isPresent() ? "it says: " : "the last run here said: ") + message));
    }
    return lines;
  }

  private byte[] by() {
    return ("by " + parts.node() + " at " + parts.clock().now()).getBytes(StandardCharsets.UTF_8);
  }

  private static CompletionStage<Void> confirmed(CompletionStage<WriteResult> write) {
    return write.thenAccept(result -> {
      if (!result.isDone()) {
        throw new CompletionException(new DcsUnavailable(result.toString()));
      }
    });
  }

  private static <T> CompletionStage<T> unknown(String name) {
    return CompletableFuture.failedStage(new IllegalArgumentException("this node has no job '" + JobKeys.oneLine(name) + "'"));
  }

  @Deactivate
  @Override
  public void close() {
    for (ScheduledJob job : List.copyOf(jobs.values())) {
      remove(job.job(), Duration.ZERO);
    }
  }
}
