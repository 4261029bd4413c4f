package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Codec;
import io.weft.dcs.raft.state.Command;
import io.weft.dcs.raft.state.KeyValues;
import io.weft.dcs.raft.state.Outcome;
import io.weft.dcs.raft.state.SnapshotFile;
import io.weft.node.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;

/** The keys and sessions as Ratis drives them: commands in, snapshots out and in. */
final class ReplicatedState extends BaseStateMachine {

  private final KeyValues values = new KeyValues();
  private final Expiry expiry;
  private final LongConsumer accepted;
  private final Runnable changed;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

  /**
   * @param accepted told the number of each call that this member took as the leader, before it is written anywhere
   * @param changed told after each change; returns at once
   */
  ReplicatedState(Clock clock, LongConsumer accepted, Runnable changed) {
    this.expiry = new Expiry(clock);
    this.accepted = accepted;
    this.changed = changed;
  }

  KeyValues values() {
    return values;
  }

  Expiry expiry() {
    return expiry;
  }

  @Override
  public SimpleStateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
    getLifeCycle().startAndTransition(() -> {
      super.initialize(server, group, raftStorage);
      storage.init(raftStorage);
      load();
    }, IOException.class);
  }

  @Override
  public void pause() {
    if (getLifeCycle().getCurrentState() == LifeCycle.State.RUNNING) {
      getLifeCycle().transition(LifeCycle.State.PAUSING);
      getLifeCycle().transition(LifeCycle.State.PAUSED);
    }
  }

  @Override
  public void reinitialize() throws IOException {
    getLifeCycle().startAndTransition(this::load, IOException.class);
  }

  private void load() throws IOException {
    SingleFileSnapshotInfo latest = storage.loadLatestSnapshot();
    if (latest == null) {
      return;
    }
    values.become(SnapshotFile.read(latest.getFile().getPath()));
    expiry.reset(values.sessions());
    setLastAppliedTermIndex(latest.getTermIndex());
    changed.run();
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex at = getLastAppliedTermIndex();
    Path file = storage.getSnapshotFile(at.getTerm(), at.getIndex()).toPath();
    SnapshotFile.write(file, values.image());
    storage.updateLatestSnapshot(
        new SingleFileSnapshotInfo(new FileInfo(file, MD5FileUtil.computeAndSaveMd5ForFile(file.toFile())), at));
    return at.getIndex();
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    accepted.accept(request.getCallId());
    return super.startTransaction(request);
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
    Outcome outcome;
    try {
      Command command = Codec.command(bytes);
      outcome = values.apply(revision(entry.getIndex()), command);
      follow(command, outcome);
    } catch (IllegalArgumentException e) {
      outcome = new Outcome.Malformed(String.valueOf(e.getMessage())); // on every member alike
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    changed.run();
    return CompletableFuture.completedFuture(message(Codec.encode(outcome)));
  }

  /** Of the entry with that index: the first index is 0, and no revision is. */
  static long revision(long index) {
    return index + 1;
  }

  private void follow(Command command, Outcome outcome) {
    if (outcome instanceof Outcome.Opened opened) {
      values.session(opened.session()).ifPresent(expiry::renewed);
    } else if (command instanceof Command.Renew renew) {
      values.session(renew.session()).ifPresent(expiry::renewed);
    } else if (command instanceof Command.End end) {
      expiry.ended(end.session());
    } else if (command instanceof Command.Expire expire && values.session(expire.session()).isEmpty()) {
      expiry.ended(expire.session());
    }
  }

  @Override
  public CompletableFuture<Message> query(Message request) {
    byte[] answer = values.answer(Codec.query(request.getContent().toByteArray()));
    return CompletableFuture.completedFuture(message(answer));
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (member.getPeerId().equals(leader)) {
      expiry.reset(values.sessions());
    }
    changed.run();
  }

  static Message message(byte[] bytes) {
    ByteString content = UnsafeByteOperations.unsafeWrap(bytes);
    return Message.valueOf(content);
  }
}
