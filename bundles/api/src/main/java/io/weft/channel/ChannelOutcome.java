package io.weft.channel;

/** What became of an attempt to open a channel. No byte of the application was delivered unless it is {@code open}. */
public enum ChannelOutcome {
  /** Taken; carries bytes. */
  open(true),
  /** The peer has a rule, or no rule, that keeps this node out. A retry is useless until the rule changes. */
  refused(false),
  /** The peer knows no service of that name and kind. */
  unknown_service(false),
  /** The service is known, its target did not answer. */
  target_dead(true),
  /** Too many channels, here or there. */
  limit(true),
  /** The peer is leaving. */
  leaving(true),
  /** There is no peer of that name. */
  unknown_peer(false),
  /** The peer is known and no link to it is up. */
  link_down(true),
  /** No answer before the deadline; the channel was aborted. */
  timeout(true),
  /** Cancelled by the caller. */
  cancelled(true);

  private final boolean retryable;

  ChannelOutcome(boolean retryable) {
    this.retryable = retryable;
  }

  /** Whether trying again without changing anything may help. */
  public boolean isRetryable() {
    return retryable;
  }
}
