package io.weft.dcs;

/** What must be so for a write to happen. */
public sealed interface Expect {

  /** Whatever is there. */
  record Any() implements Expect {}

  /** The key does not exist. */
  record Absent() implements Expect {}

  /** The key exists and was last written by this revision. */
  record Revision(long revision) implements Expect {
    public Revision {
      if (revision <= 0) {
        throw new IllegalArgumentException("a revision is larger than 0");
      }
    }
  }

  static Expect any() {
    return new Any();
  }

  static Expect absent() {
    return new Absent();
  }

  static Expect revision(long revision) {
    return new Revision(revision);
  }
}
