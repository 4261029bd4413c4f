package io.weft.dcs.raft;

import io.weft.dcs.raft.member.Calls;
import io.weft.dcs.raft.member.Router;
import io.weft.dcs.raft.state.Codec;
import io.weft.dcs.raft.state.Command;
import io.weft.dcs.raft.state.Outcome;
import io.weft.support.dcs.RenewedSession;
import io.weft.support.dcs.RenewedSession.Renewal;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Signs of life as commands: what renews a session is agreed on like any write, so that no former leader can renew one. */
final class RaftSessions implements RenewedSession.Lifeline {

  private final Router router;
  private final Duration timeout;

  RaftSessions(Router router, Duration timeout) {
    this.router = router;
    this.timeout = timeout;
  }

  @Override
  public CompletionStage<Renewal> renew(RenewedSession session) {
    return router.write(Calls.SUBMIT, Codec.encode(new Command.Renew(session.id())), timeout)
        .thenApply(answer -> Codec.outcome(answer) instanceof Outcome.NoSession ? Renewal.GONE : Renewal.RENEWED);
  }

  @Override
  public CompletionStage<?> end(RenewedSession session) {
    return router.write(Calls.SUBMIT, Codec.encode(new Command.End(session.id())), timeout);
  }
}
