package io.weft.installer;

/** The steps of a change, in their order. Whoever adds one has it killed in a test. */
enum ChangeStep {
  /** Its jars are in the record's folder. */
  staged,
  /** The record says what should be there from now on. */
  begun,
  /** A bundle went. */
  removed,
  /** A bundle came. */
  added,
  /** A bundle has another content. */
  replaced,
  /** What was wired to what went is wired anew. */
  refreshed,
  /** The record says that the framework holds what should be there. */
  applied,
  /** A bundle that came or changed was told to start. */
  started,
  /** The record says that the change is good. */
  kept,
  /** The record says that the set from before should be there again. */
  back
}
