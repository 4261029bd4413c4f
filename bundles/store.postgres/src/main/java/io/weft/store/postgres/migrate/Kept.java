package io.weft.store.postgres.migrate;

import io.weft.node.Registration;
import io.weft.store.SchemaInfo;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A schema that a plugin of this node wants, what was last seen of it, and whether it is offered. */
final class Kept {

  private final Plan plan;
  private final IntFunction<Registration> offer;
  // Guards the fields below. While it is held, services come and go, which runs code of those who use them.
  private final Object lock = new Object();
  private SchemaInfo info;
  private @Nullable Registration offered;
  private Registration next = () -> {};
  private boolean gone;

  /** @param offer makes it known as ready, at a version */
  Kept(Plan plan, IntFunction<Registration> offer) {
    this.plan = plan;
    this.offer = offer;
    this.info = new SchemaInfo(plan.schema(), SchemaInfo.State.UNKNOWN, 0, plan.target(), false, "not looked at yet",
        java.util.List.of());
  }

  Plan plan() {
    return plan;
  }

  SchemaInfo info() {
    synchronized (lock) {
      return info;
    }
  }

  boolean isGone() {
    synchronized (lock) {
      return gone;
    }
  }

  /** Offers it if it is ready, and takes the offer back if it is not; that nothing could be seen changes nothing. */
  void seen(SchemaInfo next) {
    synchronized (lock) {
      info = next;
      boolean ready = next.state() == SchemaInfo.State.READY;
      // A later version of the plugin elsewhere went on: what runs here was made to live with that, what starts here was not.
      boolean stays = next.state() == SchemaInfo.State.UNKNOWN || next.state() == SchemaInfo.State.AHEAD;
      if (ready && offered == null && !gone) {
        offered = offer.apply(next.version());
      } else if (!ready && !stays) {
        takeBack();
      }
    }
  }

  /** Before something is done that the plugin should not be there for. */
  void takeBack() {
    synchronized (lock) {
      if (offered != null) {
        offered.close();
        offered = null;
      }
    }
  }

  /** When it is looked at again; ends with it. */
  void looksAgain(Registration timer) {
    synchronized (lock) {
      next = timer;
      if (gone) {
        timer.close();
      }
    }
  }

  void close() {
    synchronized (lock) {
      gone = true;
      next.close();
      takeBack();
    }
  }
}
