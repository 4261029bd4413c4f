package io.weft.mesh;

/**
 * The bytes by which the windows of one link may grow, all together. A window keeps what it got until its channel closes, since credit
 * that was granted cannot be taken back. So that those who come first do not get all of it, nobody grows beyond what it leaves to others.
 * On the link's loop only.
 */
final class GrowthBudget {

  /** Less than this is not worth a frame. */
  static final int STEP_MIN = 64 * 1024;

  private long left;

  GrowthBudget(long bytes) {
    left = bytes;
  }

  /**
   * Takes {@code wanted}, or as much as makes the taker have what is left afterwards, or nothing if that is next to nothing.
   *
   * @param has what the taker took so far
   */
  long take(long has, long wanted) {
    long taken = Math.min(wanted, (left - has) / 2);
    if (taken <= 0 || taken < wanted && taken < STEP_MIN) {
      return 0;
    }
    left -= taken;
    return taken;
  }

  void giveBack(long bytes) {
    left += bytes;
  }

  long left() {
    return left;
  }
}
