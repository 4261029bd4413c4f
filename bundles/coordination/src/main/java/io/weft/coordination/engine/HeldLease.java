package io.weft.coordination.engine;

import io.weft.coordination.Lease;
import io.weft.dcs.Leadership;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.node.Clock;
import io.weft.node.Reason;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A lease as a leadership with a session of its own. */
final class HeldLease implements Lease {

  private final String name;
  private final Leadership leadership;
  private final Session session;
  private final Clock clock;

  HeldLease(String name, Leadership leadership, Session session, Clock clock) {
    this.name = name;
    this.leadership = leadership;
    this.session = session;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long token() {
    return leadership.token();
  }

  @Override
  public boolean isHeld() {
    return leadership.isHeld();
  }

  @Override
  public Duration remaining() {
    long left = leadership.deadlineNanos() - clock.nanos();
    return isHeld() && left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  @Override
  public CompletionStage<Reason> ended() {
    return leadership.ended();
  }

  @Override
  public CompletionStage<WriteResult> release() {
    CompletionStage<WriteResult> resigned = leadership.resign();
    resigned.whenComplete((result, failure) -> session.close());
    return resigned;
  }

  @Override
  public String toString() {
    return "lease " + name + " with token " + token();
  }
}
