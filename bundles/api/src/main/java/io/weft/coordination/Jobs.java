package io.weft.coordination;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The jobs of this node and what the fabric did of them. Any thread; nothing blocks. */
@ProviderType
public interface Jobs {

  /** The jobs that this node has, by name. */
  List<JobInfo> list();

  /** One of them. */
  Optional<JobInfo> show(String name);

  /**
   * Asks for a run now, wherever the lease is, or of this node if nobody holds it; for a period of its own, so the schedule goes
   * on as it was. Completes when that is noted. Fails with {@link IllegalArgumentException} if there is no such job, or
   * {@link io.weft.dcs.DcsUnavailable}.
   */
  CompletionStage<Void> run(String name);

  /** No further runs anywhere in the fabric until {@link #resume}; one that runs goes on. Survives restarts. */
  CompletionStage<Void> pause(String name);

  CompletionStage<Void> resume(String name);

  /** Why it runs, or does not run, here and now: one line per condition, the decisive one first. */
  CompletionStage<List<String>> why(String name);

  /** The last runs in the fabric, newest first; at most 100 are kept per job and shard. */
  CompletionStage<List<JobRecord>> history(String name);
}
