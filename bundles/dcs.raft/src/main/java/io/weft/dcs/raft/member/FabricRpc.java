package io.weft.dcs.raft.member;

import io.weft.dcs.raft.wire.CallFailed;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.dcs.raft.wire.Lines;
import io.weft.dcs.raft.wire.Traffic;
import io.weft.node.Clock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/** What members say to each other, as calls over the fabric, both ways. Peers are found by the node in their id. */
final class FabricRpc implements RaftServerRpc {

  private static final int VOTE = 1;
  private static final int START_ELECTION = 2;
  private static final int APPEND = 3;
  private static final int SNAPSHOT = 4;

  private final MemberId self;
  private final Lines lines;
  private final Clock clock;
  private final Duration patience;
  private final Duration snapshotPatience;
  private final Duration trust;
  private volatile RaftServer server;
  private volatile long heardNanos;
  private volatile boolean heard;

  /**
   * @param patience how long an answer is waited for
   * @param trust how long after a word of its leader this member elects nobody else, so that what the leader reads meanwhile is
   *     not old; zero if leaders do not count on that
   */
  FabricRpc(MemberId self, Lines lines, Clock clock, Duration patience, Duration trust) {
    this.self = self;
    this.lines = lines;
    this.clock = clock;
    this.patience = patience;
    this.snapshotPatience = patience.multipliedBy(5);
    this.trust = trust;
  }

  FabricRpc of(RaftServer owner) {
    server = owner;
    return this;
  }

  // What comes in.

  /** A call of another member. */
  CompletionStage<byte[]> handle(String peer, int type, byte[] payload) throws IOException {
    try {
      return switch (type) {
        case VOTE -> CompletableFuture.completedStage(vote(peer, RequestVoteRequestProto.parseFrom(payload)).toByteArray());
        case START_ELECTION -> {
          StartLeaderElectionRequestProto request = StartLeaderElectionRequestProto.parseFrom(payload);
          check(peer, request.getServerRequest());
          yield CompletableFuture.completedStage(server.startLeaderElection(request).toByteArray());
        }
        case APPEND -> append(peer, AppendEntriesRequestProto.parseFrom(payload)).thenApply(AppendEntriesReplyProto::toByteArray);
        case SNAPSHOT -> {
          InstallSnapshotRequestProto request = InstallSnapshotRequestProto.parseFrom(payload);
          check(peer, request.getServerRequest());
          yield CompletableFuture.completedStage(server.installSnapshot(request).toByteArray());
        }
        default -> throw new IllegalArgumentException("no call of members has the number " + type);
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a message of Raft: " + e.getMessage(), e);
    }
  }

  private RequestVoteReplyProto vote(String peer, RequestVoteRequestProto request) throws IOException {
    check(peer, request.getServerRequest());
    if (!request.getPreVote() && heard && clock.nanos() - heardNanos < trust.toNanos()) {
      throw new CallFailed(Kind.UNAVAILABLE, self + " hears its leader");
    }
    return server.requestVote(request);
  }

  private CompletableFuture<AppendEntriesReplyProto> append(String peer, AppendEntriesRequestProto request) throws IOException {
    check(peer, request.getServerRequest());
    long arrived = clock.nanos();
    return server.appendEntriesAsync(request).thenApply(reply -> {
      if (reply.getResult() != AppendResult.NOT_LEADER) {
        heardNanos = arrived;
        heard = true;
      }
      return reply;
    });
  }

  /** The sender must be who it says; and it must mean this storage, not one that was here before. */
  private void check(String peer, RaftRpcRequestProto request) {
    MemberId from = MemberId.parse(request.getRequestorId().toStringUtf8());
    if (!from.node().equals(peer)) {
      throw new IllegalArgumentException(peer + " speaks for " + from.node());
    }
    if (!request.getReplyId().toStringUtf8().equals(self.toString())) {
      throw new IllegalArgumentException("this is " + self + ", not " + request.getReplyId().toStringUtf8());
    }
  }

  // What goes out.

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return RequestVoteReplyProto.parseFrom(
        call(request.getServerRequest(), Traffic.VOTES, VOTE, request.toByteArray(), patience));
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request) throws IOException {
    return StartLeaderElectionReplyProto.parseFrom(
        call(request.getServerRequest(), Traffic.VOTES, START_ELECTION, request.toByteArray(), patience));
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
    return AppendEntriesReplyProto.parseFrom(
        call(request.getServerRequest(), Traffic.LOG, APPEND, request.toByteArray(), patience));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
    return InstallSnapshotReplyProto.parseFrom(
        call(request.getServerRequest(), Traffic.SNAPSHOTS, SNAPSHOT, request.toByteArray(), snapshotPatience));
  }

  private byte[] call(RaftRpcRequestProto head, Traffic traffic, int type, byte[] payload, Duration most) throws IOException {
    ByteString to = head.getReplyId();
    try {
      return lines.call(MemberId.parse(to.toStringUtf8()).node(), traffic, type, payload, most).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + to.toStringUtf8() + " was asked");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  // What Ratis wants to know besides.

  @Override
  public RpcType getRpcType() {
    return new FabricRpcType();
  }

  @Override
  public void start() {
    // calls come in through the door of the bundle
  }

  @Override
  public void close() {
    // the lines are the bundle's
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return InetSocketAddress.createUnresolved(self.node(), 1); // there is no socket; members are found by their ids
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    // the id of a peer says where it is
  }

  @Override
  public void handleException(RaftPeerId id, Exception e, boolean reconnect) {
    // a line that broke is opened again by the next call
  }
}
