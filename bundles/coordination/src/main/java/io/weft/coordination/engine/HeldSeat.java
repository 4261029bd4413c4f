package io.weft.coordination.engine;

import io.weft.coordination.Seat;
import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.node.Reason;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A number as a key that goes with a session of its own. */
final class HeldSeat implements Seat {

  private final String group;
  private final String instance;
  private final int ordinal;
  private final long token;
  private final Session session;
  private final Dcs dcs;
  private volatile boolean over;
  private @Nullable CompletionStage<WriteResult> released;

  HeldSeat(String group, String instance, int ordinal, long token, Session session, Dcs dcs) {
    this.group = group;
    this.instance = instance;
    this.ordinal = ordinal;
    this.token = token;
    this.session = session;
    this.dcs = dcs;
  }

  @Override
  public String group() {
    return group;
  }

  @Override
  public String instance() {
    return instance;
  }

  @Override
  public int ordinal() {
    return ordinal;
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
  public CompletionStage<Reason> ended() {
    return session.ended();
  }

  @Override
  public synchronized CompletionStage<WriteResult> release() {
    if (released == null) {
      over = true;
      released = dcs.delete(ClaimedSeats.held(group, ordinal), Expect.revision(token));
      released.whenComplete((result, failure) -> session.close());
    }
    return released;
  }

  @Override
  public String toString() {
    return "seat " + ordinal + " of " + group;
  }
}
