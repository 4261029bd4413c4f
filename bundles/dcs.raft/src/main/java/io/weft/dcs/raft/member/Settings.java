package io.weft.dcs.raft.member;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * How a member behaves.
 *
 * @param election a member that hears nothing of a leader for this long, up to three times, calls an election
 * @param leaseReads whether a leader reads without asking, while it is sure that it leads
 * @param snapshotAfter entries of the log after which a snapshot is kept
 * @param bytesMax room for keys and values
 */
public record Settings(Duration election, boolean leaseReads, long snapshotAfter, long bytesMax) {

  private static final int ENTRY_MAX = 1 << 20;
  private static final Duration NEVER = Duration.ofDays(365);

  /**
   * The longest time that a follower draws. It sleeps it, looks whether it heard anything meanwhile, and if so draws and sleeps again:
   * so it takes up to twice this time to notice, and that the followers began to sleep at different times keeps them apart.
   */
  private Duration electionMax() {
    return election.multipliedBy(3).dividedBy(2);
  }

  /** The leader's messages are waited for this long. */
  Duration patience() {
    return election.multipliedBy(2);
  }

  RaftProperties properties(Path storage) {
    RaftProperties p = new RaftProperties();
    p.set(RaftConfigKeys.Rpc.TYPE_KEY, FabricRpcType.class.getName());
    RaftServerConfigKeys.setStorageDir(p, List.of(storage.toFile()));
    // A process that was stopped for long goes on; whether it still leads is found out by the others' answers.
    RaftServerConfigKeys.setCloseThreshold(p, millis(NEVER));
    Rpc.setTimeoutMin(p, millis(election));
    Rpc.setTimeoutMax(p, millis(electionMax()));
    Rpc.setFirstElectionTimeoutMin(p, millis(election.dividedBy(4)));
    Rpc.setFirstElectionTimeoutMax(p, millis(election));
    Rpc.setRequestTimeout(p, millis(patience()));
    Rpc.setSleepTime(p, millis(Duration.ofMillis(25)));
    Rpc.setSlownessTimeout(p, millis(NEVER));
    RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
    Log.setLogMetadataEnabled(p, false); // or each commit writes a second entry
    Log.setSegmentSizeMax(p, SizeInBytes.valueOf(8L << 20));
    Log.setPreallocatedSize(p, SizeInBytes.valueOf(1L << 20));
    Log.setWriteBufferSize(p, SizeInBytes.valueOf(2L * ENTRY_MAX));
    Log.setSegmentCacheNumMax(p, 2);
    Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(16L << 20));
    Log.setPurgeUptoSnapshotIndex(p, true);
    Log.setPurgeGap(p, 1);
    Log.setCorruptionPolicy(p, Log.CorruptionPolicy.EXCEPTION);
    Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(ENTRY_MAX));
    Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf(ENTRY_MAX));
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, snapshotAfter);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
    RaftServerConfigKeys.Snapshot.setCreationGap(p, 1);
    Read.setOption(p, Read.Option.LINEARIZABLE);
    Read.setLeaderLeaseEnabled(p, leaseReads);
    RaftServerConfigKeys.RetryCache.setExpiryTime(p, millis(Duration.ofSeconds(1))); // no call is ever sent twice under one number
    return p;
  }

  private static TimeDuration millis(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
