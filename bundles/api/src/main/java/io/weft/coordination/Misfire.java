package io.weft.coordination;

/** What happens to periods in which nobody could run the job: no node, no DCS, the run before took too long. */
public enum Misfire {
  /** They are left out. */
  SKIP,
  /** The newest one is made up for. */
  LATEST,
  /** All are made up for, oldest first, one run each, as far back as the history of the job reaches; at most 1,000. */
  ALL
}
