package io.weft.link;

import io.weft.node.NodeId;
import io.weft.node.Reason;
import io.weft.path.PathInfo;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A link at one moment.
 *
 * @param path set while up or degraded
 * @param rttMillis smoothed round trip; negative if not known
 * @param channels open now
 * @param since of the present state
 * @param reason of the last change
 * @param attempts since the link was last up
 * @param dialed whether this node opened it
 * @param sharedDigest what the peer said of its configuration, empty before hello; differs from ours on drift
 */
public record LinkInfo(
    String peer,
    NodeId peerId,
    LinkState state,
    @Nullable PathInfo path,
    @Nullable String transport,
    double rttMillis,
    int channels,
    long bytesSent,
    long bytesReceived,
    Instant since,
    @Nullable Reason reason,
    long attempts,
    boolean dialed,
    String sharedDigest) {

  public Optional<PathInfo> currentPath() {
    return Optional.ofNullable(path);
  }
}
