package io.weft.dcs.raft.wire;

/** What a stream carries. Each kind has a stream of its own to each peer, so that none waits for another. */
public enum Traffic {
  /** Votes. */
  VOTES(1 << 20),
  /** The log, and heartbeats. */
  LOG(8 << 20),
  /** Snapshots for members that are far behind. */
  SNAPSHOTS(8 << 20),
  /** What clients ask and members answer. */
  CALLS(64 << 20);

  private final int frameMax;

  Traffic(int frameMax) {
    this.frameMax = frameMax;
  }

  /** Bytes of the longest frame. */
  public int frameMax() {
    return frameMax;
  }
}
