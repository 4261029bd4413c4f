package io.weft.path.ice;

import java.time.Duration;

/** When another attempt is due for a path that is there already: because it went bad, or because it could be better. On the loop only. */
final class Retries {

  private static final long RESTART_FIRST = Duration.ofMillis(500).toNanos();
  private static final long RESTART_MOST = Duration.ofSeconds(5).toNanos();
  private static final long UPGRADE_FIRST = Duration.ofSeconds(5).toNanos();
  private static final long UPGRADE_MOST = Duration.ofSeconds(60).toNanos();
  private static final long NEVER = Long.MAX_VALUE;

  private long restartAt = NEVER;
  private long restartWait = RESTART_FIRST;
  private long upgradeAt = NEVER;
  private long upgradeWait = UPGRADE_FIRST;
  private boolean moved;

  /** The path went bad. */
  void soon(long now) {
    restartAt = Math.min(restartAt, now);
  }

  /** It is not known from where it should go now. */
  void moved(long now) {
    restartWait = RESTART_FIRST;
    moved = true;
    soon(now);
  }

  /** An attempt failed. */
  void failed(long now) {
    restartAt = now + restartWait;
    restartWait = Math.min(restartWait * 2, RESTART_MOST);
  }

  void connected() {
    restartAt = NEVER;
    restartWait = RESTART_FIRST;
  }

  /** @param upgradable whether a better pair than this is wanted */
  void led(long now, boolean relayed, boolean upgradable) {
    upgradeAt = relayed && upgradable ? now + upgradeWait : NEVER;
    if (!relayed) {
      upgradeWait = UPGRADE_FIRST;
    }
  }

  void ended() {
    restartAt = NEVER;
    upgradeAt = NEVER;
  }

  /**
   * Whether an attempt is due.
   *
   * @param well whether the path works and is direct
   * @param searching whether a better pair is being searched for as it is
   */
  boolean isDue(long now, boolean well, boolean searching) {
    boolean upgrade = isUpgradeDue(now, searching);
    if (now >= restartAt && !moved && !upgrade && well) {
      restartAt = NEVER; // It recovered by itself.
      return false;
    }
    return now >= restartAt || upgrade;
  }

  private boolean isUpgradeDue(long now, boolean searching) {
    return now >= upgradeAt && !searching;
  }

  /** The attempt begins. */
  void began(long now, boolean searching) {
    if (isUpgradeDue(now, searching)) {
      upgradeWait = Math.min(upgradeWait * 2, UPGRADE_MOST);
      upgradeAt = now + upgradeWait;
    }
    restartAt = NEVER;
    moved = false;
  }
}
