package io.weft.coordination.engine;

import io.weft.coordination.JobRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a job, or one shard of it, on this node. */
interface Runner {

  /** As it is now. */
  record State(int shard, boolean holds, @Nullable Instant next, Optional<JobRecord> running, Optional<JobRecord> last) {}

  void start();

  /** Something that decides may have changed. */
  void poke();

  /** No further runs; one that runs goes on. */
  void stopScheduling();

  /** Cancels what runs, and gives up the lease. */
  void end();

  State state();

  /** What runs now. */
  Optional<LiveRun> live();
}
