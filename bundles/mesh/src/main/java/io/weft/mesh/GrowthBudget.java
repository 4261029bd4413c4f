package io.weft.mesh;

/** The bytes by which the windows of one link may grow, all together. On the link's loop only. */
final class GrowthBudget {

  private long left;

  GrowthBudget(long bytes) {
    left = bytes;
  }

  /** Takes as much of {@code wanted} as there is. */
  long take(long wanted) {
    long taken = Math.min(wanted, left);
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
