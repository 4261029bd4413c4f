package io.weft.coordination.engine;

import io.weft.coordination.JobRecord;
import io.weft.dcs.Dcs;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.node.Registration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes in the DCS what became of runs. A note that fails is only logged: the run is what matters. */
final class JobHistory {

  private static final Logger log = LoggerFactory.getLogger(JobHistory.class);
  private static final int KEPT = 100;
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

  private final Parts parts;

  JobHistory(Parts parts) {
    this.parts = parts;
  }

  /** Notes it now, and its progress while it runs. */
  void began(Dcs dcs, LiveRun run) {
    JobRecord record = run.record();
    write(dcs, record);
    again(dcs, run, record.message());
  }

  private void again(Dcs dcs, LiveRun run, String noted) {
    Registration timer = parts.timers().after(PROGRESS_EVERY, parts.executor(), () -> {
      JobRecord record = run.record();
      if (!run.ended().toCompletableFuture().isDone()) {
        if (!record.message().equals(noted)) {
          write(dcs, record);
        }
        again(dcs, run, record.message());
      }
    });
    run.ended().thenAccept(record -> timer.close());
  }

  void ended(Dcs dcs, JobRecord record) {
    write(dcs, record).thenRun(() -> prune(dcs, record.job(), record.shard()));
  }

  /** Of all shards, newest first. */
  static CompletionStage<List<JobRecord>> read(Dcs dcs, String job) {
    return dcs.list(JobKeys.history(job), CurrentDcs.freshest(dcs)).thenApply(snapshot -> snapshot.entries().stream()
        .flatMap(e -> JobKeys.read(e.text()).stream())
        .sorted(Comparator.comparing(JobRecord::started).reversed())
        .toList());
  }

  private static CompletionStage<?> write(Dcs dcs, JobRecord record) {
    String key = JobKeys.record(record.job(), record.shard(), record.started(), record.token());
    return dcs.put(key, JobKeys.json(record).getBytes(StandardCharsets.UTF_8), Expect.any(), null).whenComplete((outcome,
        failure) -> {
      if (failure != null || !outcome.isDone()) {
        log.debug("run not noted job={} problem=\"{}\"", record.job(), failure == null ? outcome : failure.toString());
      }
    });
  }

  private static void prune(Dcs dcs, String job, int shard) {
    dcs.list(JobKeys.history(job, shard), CurrentDcs.freshest(dcs)).thenAccept(snapshot -> {
      List<Entry> all = snapshot.entries();
      for (Entry old : all.subList(0, Math.max(0, all.size() - KEPT))) {
        dcs.delete(old.key(), Expect.revision(old.revision()));
      }
    });
  }
}
