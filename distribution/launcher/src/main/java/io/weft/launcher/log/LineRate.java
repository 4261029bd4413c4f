package io.weft.launcher.log;

/**
 * How many lines a second gets: a flood is sampled, so that it neither fills a disk nor hides that it happens. Lines that have no room are
 * counted. Any thread.
 */
final class LineRate {

  /** Lines of one second, before only every {@link #SAMPLE}th is written. */
  static final int LINES_MAX = 2_000;

  static final int SAMPLE = 100;

  // Guarded by this.
  private long second;
  private long lines;
  private long dropped;

  /** What becomes of a line: whether it is written, and how many were dropped before it that nobody was told of. */
  record Verdict(boolean written, long droppedBefore) {}

  synchronized Verdict next(long millis) {
    long now = millis / 1_000;
    long untold = 0;
    if (now != second) {
      second = now;
      lines = 0;
      untold = dropped;
      dropped = 0;
    }
    lines++;
    boolean written = lines <= LINES_MAX || (lines - LINES_MAX) % SAMPLE == 0;
    dropped += written ? 0 : 1;
    return new Verdict(written, untold);
  }
}
