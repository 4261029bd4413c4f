package io.weft.shell.store;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;

/** Makes a store hold what a snapshot says. Methods block. */
public final class Restore {

  private final Store store;
  private final Saved saved;
  private final Contents there;
  private final Plan plan;

  /** Looks what there is to do. Changes nothing. */
  public Restore(Dcs dcs, Saved saved, Progress progress, Pause pause) throws DcsUnavailable, InterruptedException {
    this.store = new Store(dcs, progress, pause);
    this.saved = saved;
    this.there = store.read();
    this.plan = Plan.of(saved.values(), there);
  }

  public Plan plan() {
    return plan;
  }

  /** How many keys go with a session; they stay. */
  public int held() {
    return there.held().size();
  }

  /** How many writes it takes until the revision of the store, and so every new fencing token, is beyond that of the snapshot. */
  public long behind() {
    return Math.max(0, saved.revision() + 1 - there.revision());
  }

  /**
   * Does it, and looks whether it was done. What was done stays done if it fails; another try goes on from there.
   *
   * @param tokens whether the revision is brought beyond that of the snapshot
   * @throws DcsUnavailable with one line that says where it stopped
   */
  public void run(boolean tokens) throws DcsUnavailable, InterruptedException {
    store.take(plan.steps());
    if (!store.holds(saved.digest())) {
      throw new DcsUnavailable("everything was written, and " + store.backend()
          + " does not hold what the snapshot says: somebody else writes to it");
    }
    if (tokens && behind() > 0) {
      store.raise(saved.revision());
    }
  }
}
