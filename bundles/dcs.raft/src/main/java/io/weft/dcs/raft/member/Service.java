package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Codec;
import io.weft.dcs.raft.state.Command;
import io.weft.dcs.raft.state.Decoder;
import io.weft.dcs.raft.state.Encoder;
import io.weft.dcs.raft.wire.CallFailed;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.dcs.raft.wire.Door;
import io.weft.dcs.raft.wire.Traffic;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Answers what nodes ask, this node among them. */
public final class Service implements Door.Handler {

  private static final Duration WAIT_MAX = Duration.ofSeconds(10);

  private static final int LINEAGE_MAX = 128;

  private record Waiting(long revision, CompletableFuture<byte[]> answer) {}

  private final MemberLife life;
  private final Timers timers;
  private final Executor executor;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

  public Service(MemberLife life, Timers timers, Executor executor) {
    this.life = life;
    this.timers = timers;
    this.executor = executor;
  }

  @Override
  public CompletionStage<byte[]> handle(String peer, Traffic traffic, int type, byte[] payload) throws IOException {
    if (traffic == Traffic.CALLS) {
      if (type == Calls.HELLO) {
        life.hear(peer, lineage(payload));
      }
      return answer(type, payload);
    }
    return member(Kind.UNAVAILABLE, "no member here").handle(peer, type, payload);
  }

  /** The member of this node, if it has one. */
  private RaftMember member(Kind without, String message) throws CallFailed {
    RaftMember member = life.member();
    if (member == null) {
      throw new CallFailed(without, message);
    }
    return member;
  }

  /** What a node asks. Some of it blocks. */
  public CompletionStage<byte[]> answer(int type, byte[] payload) throws IOException {
    switch (type) {
      case Calls.SUBMIT -> {
        if (Codec.command(payload) instanceof Command.Expire) {
          throw new IllegalArgumentException("only the leader lets sessions expire");
        }
        return member(Kind.NOT_LEADER, "").submit(payload);
      }
      case Calls.READ -> {
        Codec.query(payload);
        return member(Kind.NOT_LEADER, "").read(payload);
      }
      case Calls.STALE -> {
        return CompletableFuture.completedStage(member(Kind.UNAVAILABLE, "no member here").values().answer(Codec.query(payload)));
      }
      case Calls.NEWS -> {
        return CompletableFuture.completedStage(hearing().values().answer(Codec.query(payload)));
      }
      case Calls.BEYOND -> {
        return beyond(payload);
      }
      case Calls.HELLO -> {
        return CompletableFuture.completedStage(life.greeting().encode());
      }
      case Calls.ENLIST -> {
        return CompletableFuture.completedStage(life.enlist(lineage(payload)).toString().getBytes(StandardCharsets.UTF_8));
      }
      default -> {
        return manage(type, payload);
      }
    }
  }

  private static Lineage lineage(byte[] payload) {
    if (payload.length > LINEAGE_MAX) {
      throw new IllegalArgumentException("a lineage of " + payload.length + " bytes");
    }
    return Lineage.parse(new String(payload, StandardCharsets.UTF_8));
  }

  private CompletionStage<byte[]> manage(int type, byte[] payload) throws IOException {
    switch (type) {
      case Calls.CHANGE -> life.change(payload);
      case Calls.TRANSFER -> {
        RaftMember leader = member(Kind.NOT_LEADER, "");
        if (!leader.leads()) {
          throw new CallFailed(Kind.NOT_LEADER, leader.leader().map(MemberId::node).orElse(""));
        }
        leader.transfer(new String(payload, StandardCharsets.UTF_8));
      }
      case Calls.COMPACT -> member(Kind.UNAVAILABLE, "no member here").compact();
      default -> throw new IllegalArgumentException("no call has the number " + type);
    }
    return CompletableFuture.completedStage(new byte[0]);
  }

  /** A member that knows what goes on: news from another might never come. */
  private RaftMember hearing() throws CallFailed {
    RaftMember member = member(Kind.UNAVAILABLE, "no member here");
    if (member.leader().isEmpty()) {
      throw new CallFailed(Kind.UNAVAILABLE, "no leader is known");
    }
    return member;
  }

  private CompletionStage<byte[]> beyond(byte[] payload) throws IOException {
    Decoder in = new Decoder(payload);
    Waiting one = new Waiting(in.u64(), new CompletableFuture<>());
    Duration most = Duration.ofMillis(Math.min(Math.max(in.u32(), 0), WAIT_MAX.toMillis()));
    in.end();
    hearing();
    waiting.add(one);
    Registration timer = timers.after(most, executor, () -> finish(one));
    one.answer.whenComplete((done, failure) -> {
      waiting.remove(one);
      timer.close();
    });
    changed(); // perhaps it came meanwhile
    return one.answer;
  }

  /** Something changed; those who wait for it are told. */
  public void changed() {
    if (waiting.isEmpty()) {
      return;
    }
    @Nullable RaftMember member = life.member();
    long revision = member == null ? Long.MAX_VALUE : member.values().revision();
    for (Waiting one : waiting) {
      if (revision > one.revision) {
        finish(one);
      }
    }
  }

  private void finish(Waiting one) {
    RaftMember member = life.member();
    long revision = member == null ? 0 : member.values().revision();
    try {
      executor.execute(() -> one.answer.complete(new Encoder().u64(revision).done()));
    } catch (java.util.concurrent.RejectedExecutionException e) {
      one.answer.complete(new Encoder().u64(revision).done());
    }
  }

  /** From time to time, on the executor: ends sessions whose time is over. */
  public void expireSessions() {
    RaftMember member = life.member();
    if (member != null) {
      member.expireSessions();
    }
  }
}
