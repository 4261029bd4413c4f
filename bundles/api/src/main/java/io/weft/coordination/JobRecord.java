package io.weft.coordination;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run.
 *
 * @param period when it was due
 * @param node who ran it
 * @param ended null while it runs, and for ever if its node was lost
 * @param message of the failure, or the last progress; one line, may be empty
 */
public record JobRecord(
    String job,
    Instant period,
    int shard,
    String node,
    long token,
    Instant started,
    @Nullable Instant ended,
    Outcome outcome,
    String message) {

  /** How it ended. */
  public enum Outcome {
    /** It runs, or its node was lost while it did: then the next record says so. */
    RUNNING,
    DONE,
    /** It threw. */
    FAILED,
    /** It took longer than its limit. */
    TIMED_OUT,
    /** The lease was lost, or its service was removed. */
    CANCELLED
  }
}
