package io.weft.coordination;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as this node sees it.
 *
 * @param next when it is due next; null while paused
 * @param held whether this node holds the lease of at least one shard
 * @param running what runs here now
 * @param last what this node did last
 */
public record JobInfo(
    JobSpec spec, boolean paused, @Nullable Instant next, boolean held, Optional<JobRecord> running, Optional<JobRecord> last) {}
