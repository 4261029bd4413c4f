package io.weft.dcs.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamInfo;
import io.weft.dcs.DcsMember;
import io.weft.dcs.DcsStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the bucket is, as the server says. */
final class NatsStatus {

  private final NatsLine line;
  private final NatsOptions options;

  NatsStatus(NatsLine line, NatsOptions options) {
    this.line = line;
    this.options = options;
  }

  DcsStatus read() throws IOException, JetStreamApiException {
    NatsLine.Bucket bucket = line.bucket();
    StreamInfo info = bucket.management().getStreamInfo(bucket.stream());
    ClusterInfo cluster = info.getClusterInfo();
    List<DcsMember> members = new ArrayList<>();
    String leader = null;
    if (cluster != null && cluster.getLeader() != null) {
      leader = cluster.getLeader();
      members.add(new DcsMember(leader, "leader", 0, true));
      List<Replica> replicas = cluster.getReplicas();
      for (Replica replica : replicas == null ? List.<Replica>of() : replicas) {
        members.add(new DcsMember(replica.getName(), "follower", replica.getLag(), !replica.isOffline()));
      }
    }
    String detail = "NATS " + line.connection().getServerInfo().getVersion() + ", bucket " + options.bucket() + " with "
        + bucket.replicas() + " replicas, sessions " + (bucket.expires() ? "expire at the server too"
            : "are ended by clients only");
    boolean serves = cluster == null || leader != null;
    return new DcsStatus(serves ? DcsStatus.State.SERVING : DcsStatus.State.WAITING, detail, Optional.ofNullable(leader),
        info.getStreamState().getLastSequence(), members, Optional.of(bucket.replicas()), Optional.empty(),
        Optional.of(options.signsIn()), Optional.of(options.isEncrypted()));
  }
}
