package io.weft.channel;

/** A channel could not be opened. No byte of the application was delivered, so a retry is safe; the outcome says if it is of use. */
public final class ChannelFailed extends Exception {

  private static final long serialVersionUID = 1L;
  private final ChannelOutcome outcome;

  public ChannelFailed(ChannelOutcome outcome, String detail) {
    super(detail.isEmpty() ? outcome.name() : outcome.name() + ": " + detail);
    this.outcome = outcome;
  }

  public ChannelOutcome outcome() {
    return outcome;
  }
}
