package io.weft.dcs.raft.member;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroupId;

/**
 * Which store of a fabric: the one that was founded, or what was recovered by hand of it, or of that. Only the last one counts.
 * Members of different lineages are strangers to each other.
 *
 * @param recoveries how often
 * @param atMillis when the last time was, since 1970
 * @param id drawn at random then; empty for what was founded
 */
record Lineage(int recoveries, long atMillis, String id) implements Comparable<Lineage> {

  static final Lineage FOUNDED = new Lineage(0, 0, "");

  /** Of two that were recovered independently, the older one counts: it may have been in use since. */
  private static final Comparator<Lineage> ORDER = Comparator.comparingInt(Lineage::recoveries)
      .thenComparing(Comparator.comparingLong(Lineage::atMillis).reversed()).thenComparing(Lineage::id);

  private static final int ID_MAX = 32;

  Lineage {
    boolean plain = id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'z');
    if (recoveries < 0 || !plain || id.length() > ID_MAX || id.isEmpty() != (recoveries == 0)) {
      throw new IllegalArgumentException("not a lineage: " + recoveries + "~" + atMillis + "~" + id);
    }
  }

  /** @throws IllegalArgumentException if it is not what {@link #toString} writes */
  static Lineage parse(String text) {
    if (text.isEmpty()) {
      return FOUNDED;
    }
    String[] parts = text.split("~", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a lineage is recoveries~time~id");
    }
    return new Lineage(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }

  Lineage recovered(long nowMillis, String drawn) {
    return new Lineage(recoveries + 1, nowMillis, drawn);
  }

  /** Whether it was made of the other one, or of one like it. */
  boolean isLaterThan(Lineage other) {
    return recoveries > other.recoveries;
  }

  RaftGroupId group(String fabric) {
    String name = "weft/dcs.raft/" + (recoveries == 0 ? fabric : "recovered/" + this);
    return RaftGroupId.valueOf(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public int compareTo(Lineage other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return recoveries == 0 ? "" : recoveries + "~" + atMillis + "~" + id;
  }
}
