package io.weft.dcs;

/** Something that happened to one key. */
public sealed interface Change {

  String key();

  long revision();

  /** It was written. */
  record Put(Entry entry) implements Change {
    @Override
    public String key() {
      return entry.key();
    }

    @Override
    public long revision() {
      return entry.revision();
    }
  }

  /**
   * It is gone: deleted, or its session ended.
   *
   * @param revision of the deletion; where the backend does not know it, a revision by which it was gone
   */
  record Deleted(String key, long revision) implements Change {}
}
