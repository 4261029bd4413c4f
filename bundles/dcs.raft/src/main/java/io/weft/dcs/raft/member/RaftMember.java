package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Codec;
import io.weft.dcs.raft.state.Command;
import io.weft.dcs.raft.state.KeyValues;
import io.weft.dcs.raft.wire.CallFailed;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.dcs.raft.wire.Lines;
import io.weft.node.Clock;
import io.weft.support.Causes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/** The Raft server of this node. Calls complete with {@link CallFailed} if they have no answer of use. Any thread. */
final class RaftMember implements AutoCloseable {

  private static final Duration ADMIN_MAX = Duration.ofSeconds(60);

  private final MemberId self;
  private final RaftGroupId group;
  private final Settings settings;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  /** Writes that wait, by number; true once this member took it as the leader, so that it may happen whatever is said later. */
  private final Map<Long, AtomicBoolean> accepted = new ConcurrentHashMap<>();
  private final ReplicatedState state;
  private final FabricRpc rpc;
  private final RaftServer server;

  /**
   * @param founders who makes up the store at first; empty for a member that others will add
   * @param fresh whether there is nothing on disk yet
   * @param changed told after each change of keys or of the leader; returns at once
   */
  RaftMember(MemberId self, RaftGroupId group, List<MemberId> founders, Path storage, boolean fresh, Settings settings,
      Lines lines, Clock clock, Runnable changed) throws IOException {
    Ratis.load();
    this.self = self;
    this.group = group;
    this.settings = settings;
    this.state = new ReplicatedState(clock, call -> {
      AtomicBoolean flag = accepted.get(call);
      if (flag != null) {
        flag.set(true);
      }
    }, changed);
    this.rpc = new FabricRpc(
        self, lines, clock, settings.patience(), settings.leaseReads() ? settings.election() : Duration.ZERO);
    Parameters parameters = new Parameters();
    FabricRpcType.use(parameters, rpc);
    RaftPeer[] peers = founders.stream().map(MemberId::peer).toArray(RaftPeer[]::new);
    this.server = RaftServer.newBuilder()
        .setServerId(self.peerId())
        .setGroup(RaftGroup.valueOf(group, peers))
        .setProperties(settings.properties(storage))
        .setParameters(parameters)
        .setStateMachine(state)
        .setOption(fresh ? RaftStorage.StartupOption.FORMAT : RaftStorage.StartupOption.RECOVER)
        .build();
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  MemberId self() {
    return self;
  }

  KeyValues values() {
    return state.values();
  }

  /** A call of another member. */
  CompletionStage<byte[]> handle(String peer, int type, byte[] payload) throws IOException {
    if (!hasLog()) {
      throw new CallFailed(Kind.UNAVAILABLE, self + " cannot write its log");
    }
    return rpc.handle(peer, type, payload);
  }

  /** Ratis closes a log that could not be written, such as on a full disk, and goes on without it as if nothing was. */
  private boolean hasLog() throws IOException {
    return server.getDivision(group).getRaftLog().isOpened();
  }

  /** Whether it still runs; one that does not has to be made anew. */
  boolean isAlive() {
    try {
      return server.getLifeCycleState() == LifeCycle.State.RUNNING && info().isAlive()
          && info().getLifeCycleState() != LifeCycle.State.EXCEPTION && hasLog();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it leads, and has everything that was agreed on. */
  boolean leads() {
    try {
      return info().isLeader() && info().isLeaderReady();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether more than half of the members answered this leader lately, itself among them. */
  boolean isHeard() throws IOException {
    List<MemberId> members = members();
    long heard = info().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
        .filter(follower -> follower.getLastRpcElapsedTimeMs() <= settings.patience().toMillis())
        .filter(follower -> members.contains(MemberId.parse(follower.getId().getId().toStringUtf8()))).count();
    return 2 * (heard + (members.contains(self) ? 1 : 0)) > members.size();
  }

  /** Leads no more; whoever waits for an answer is told that nobody knows. Does nothing if it does not lead. */
  void stepDown() throws IOException {
    done(server.transferLeadership(new TransferLeadershipRequest(
        client, self.peerId(), group, calls.incrementAndGet(), null, settings.patience().toMillis())));
  }

  Optional<MemberId> leader() {
    try {
      return Optional.ofNullable(info().getLeaderId()).map(MemberId::of);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Who votes, as far as this member knows; empty for one that was not added yet. */
  List<MemberId> members() {
    try {
      return configuration().getCurrentPeers().stream().map(p -> MemberId.of(p.getId())).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whose majority decides: while members change, still those from before. */
  List<MemberId> deciding() {
    try {
      var before = configuration().getPreviousPeers();
      return before.isEmpty() ? members() : before.stream().map(p -> MemberId.of(p.getId())).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whether members change right now. */
  boolean isChanging() throws IOException {
    return !configuration().getPreviousPeers().isEmpty();
  }

  long term() {
    try {
      return info().getCurrentTerm();
    } catch (IOException e) {
      return 0;
    }
  }

  long applied() {
    return state.getLastAppliedTermIndex().getIndex();
  }

  /** Adds a command to the log; completes with its outcome. */
  CompletableFuture<byte[]> submit(byte[] command) {
    if (state.values().bytes() + command.length > settings.bytesMax() && Codec.command(command) instanceof Command.Put put
        && put.ops().stream().anyMatch(op -> op.value().length > 0)) {
      return failed(Kind.REFUSED, "the store is full: " + settings.bytesMax() / (1 << 20) + " MiB, key store.max.mb");
    }
    long call = calls.incrementAndGet();
    AtomicBoolean flag = new AtomicBoolean();
    accepted.put(call, flag);
    return send(request(call, RaftClientRequest.writeRequestType(), command), flag)
        .whenComplete((answer, failure) -> accepted.remove(call));
  }

  /** Reads what is certainly not older than everything that was confirmed before the call. Only a leader can. */
  CompletableFuture<byte[]> read(byte[] query) {
    if (!leads()) {
      return notLeader(leader().orElse(null));
    }
    return send(request(calls.incrementAndGet(), RaftClientRequest.readRequestType(), query), new AtomicBoolean());
  }

  private RaftClientRequest request(long call, RaftClientRequest.Type type, byte[] content) {
    return RaftClientRequest.newBuilder().setClientId(client).setServerId(self.peerId()).setGroupId(group).setCallId(call)
        .setMessage(ReplicatedState.message(content)).setType(type).build();
  }

  private CompletableFuture<byte[]> send(RaftClientRequest request, AtomicBoolean flag) {
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = server.submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    return reply.handle((answer, failure) -> {
      if (failure == null && answer.isSuccess()) {
        return answer.getMessage().getContent().toByteArray();
      }
      throw new CompletionException(asFailed(failure == null ? answer.getException() : failure, flag.get()));
    });
  }

  /** What Ratis says, as callers need it: above all whether anything may have happened. */
  private CallFailed asFailed(Throwable failure, boolean taken) {
    Throwable cause = Causes.of(failure);
    if (taken) {
      return new CallFailed(Kind.INDETERMINATE, self.node() + " lost the lead while it wrote", cause);
    } else if (cause instanceof NotLeaderException not && !(cause instanceof LeaderNotReadyException)) {
      RaftPeer leader = not.getSuggestedLeader();
      return new CallFailed(Kind.NOT_LEADER, leader == null ? "" : MemberId.of(leader.getId()).node(), cause);
    }
    return new CallFailed(Kind.UNAVAILABLE, self.node() + " cannot now: " + cause.getMessage(), cause);
  }

  private static <T> CompletableFuture<T> notLeader(@Nullable MemberId leader) {
    return failed(Kind.NOT_LEADER, leader == null ? "" : leader.node());
  }

  private static <T> CompletableFuture<T> failed(Kind kind, String message) {
    return CompletableFuture.failedFuture(new CallFailed(kind, message));
  }

  /** Ends the sessions whose time is over, as far as it is this member's to do. */
  void expireSessions() {
    if (leads()) {
      state.expiry().due().forEach(command -> submit(Codec.encode(command)));
    }
  }

  /**
   * Adds one and takes others away, in one step. Only a leader can. Blocks until who is new has caught up.
   *
   * @param added null for nobody
   */
  void change(@Nullable MemberId added, List<MemberId> removed) throws IOException {
    if (!leads()) {
      throw new CallFailed(Kind.NOT_LEADER, leader().map(MemberId::node).orElse(""));
    }
    if (isChanging()) {
      throw new CallFailed(Kind.UNAVAILABLE, "members change already");
    }
    List<MemberId> next = new ArrayList<>(members());
    next.removeAll(removed);
    if (added != null && !next.contains(added)) {
      next.add(added);
    }
    if (next.isEmpty()) {
      throw new CallFailed(Kind.REFUSED, "nobody would be left");
    }
    if (!next.equals(members())) {
      List<RaftPeer> peers = next.stream().map(MemberId::peer).toList();
      done(server.setConfiguration(new SetConfigurationRequest(client, self.peerId(), group, calls.incrementAndGet(),
          SetConfigurationRequest.Arguments.newBuilder().setServersInNewConf(peers).build())));
    }
  }

  /** Only a leader can. Blocks until the other leads. */
  void transfer(String node) throws IOException {
    MemberId to = members().stream().filter(m -> m.node().equals(node)).findFirst()
        .orElseThrow(() -> new CallFailed(Kind.REFUSED, node + " is no member"));
    if (!to.equals(self)) {
      done(server.transferLeadership(new TransferLeadershipRequest(
          client, self.peerId(), group, calls.incrementAndGet(), to.peerId(), settings.election().multipliedBy(4).toMillis())));
    }
  }

  /** Keeps a snapshot, and drops the log and the history before it. Blocks. */
  void compact() throws IOException {
    done(server.snapshotManagement(SnapshotManagementRequest.newCreate(
        client, self.peerId(), group, calls.incrementAndGet(), ADMIN_MAX.toMillis())));
    state.values().forgetHistory();
  }

  private void done(RaftClientReply reply) throws IOException {
    if (!reply.isSuccess()) {
      throw asFailed(reply.getException(), false);
    }
  }

  private DivisionInfo info() throws IOException {
    return server.getDivision(group).getInfo();
  }

  private RaftConfiguration configuration() throws IOException {
    return server.getDivision(group).getRaftConf();
  }

  /** Blocks until everything is written and closed. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  @Override
  public String toString() {
    return "member " + self;
  }
}
