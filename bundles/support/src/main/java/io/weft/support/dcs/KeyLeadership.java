package io.weft.support.dcs;

import io.weft.dcs.Dcs;
import io.weft.dcs.Election;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Leadership;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.node.Reason;
import io.weft.node.Registration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Holds as long as the session does and nobody took the key away. */
final class KeyLeadership implements Leadership {

  private final KeyElection election;
  private final Session session;
  private final long token;
  private final Dcs dcs;
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();
  private volatile boolean over;
  private @Nullable CompletionStage<WriteResult> resigned;

  KeyLeadership(KeyElection election, Session session, long token, Dcs dcs) {
    this.election = election;
    this.session = session;
    this.token = token;
    this.dcs = dcs;
  }

  /** Begins to notice. */
  void follow() {
    Registration watch = election.watch(this::seen);
    session.ended().thenAccept(this::end);
    ended.thenAccept(reason -> watch.close());
  }

  /** What is told at first may be older than our key, and then says nothing of it. That the key goes when we resign is no news. */
  private void seen(@Nullable Entry leader, long revision) {
    if (over) {
      return;
    }
    if (leader == null && revision >= token) {
      end(Reason.of("deposed", "the key is gone"));
    } else if (leader != null && leader.revision() > token) {
      end(Reason.of("deposed", "somebody else holds the key"));
    }
  }

  @Override
  public Election election() {
    return election;
  }

  @Override
  public long token() {
    return token;
  }

  @Override
  public boolean isHeld() {
    return !over && session.isAlive();
  }

  @Override
  public long deadlineNanos() {
    return session.deadlineNanos();
  }

  @Override
  public CompletionStage<Reason> ended() {
    return ended.minimalCompletionStage();
  }

  @Override
  public synchronized CompletionStage<WriteResult> resign() {
    if (resigned == null) {
      over = true;
      resigned = dcs.delete(election.key(), Expect.revision(token));
      end(Reason.of("resigned"));
    }
    return resigned;
  }

  private void end(Reason reason) {
    over = true;
    ended.complete(reason);
  }

  @Override
  public String toString() {
    return election + " held with token " + token;
  }
}
