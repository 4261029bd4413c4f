package io.weft.dcs.raft.member;

/** Numbers of what nodes ask members. */
public final class Calls {

  /** A command; its outcome. Leader only. */
  public static final int SUBMIT = 1;
  /** A query; its answer, as fresh as can be. Leader only. */
  public static final int READ = 2;
  /** A query; its answer as of some moment. */
  public static final int STALE = 3;
  /** A query; its answer as of some moment, from a member that hears a leader. */
  public static final int NEWS = 4;
  /** A revision and how many milliseconds to wait; returns when there is a larger one, or the time is over. */
  public static final int BEYOND = 5;
  /** The latest lineage that the caller knows; a {@link Greeting}. Every node answers. */
  public static final int HELLO = 6;
  /** The lineage of the store; the id under which this node can be added now. */
  public static final int ENLIST = 7;
  /** An id to add or nothing, and nodes to remove. Leader only. */
  public static final int CHANGE = 8;
  /** A node that shall lead. Leader only. */
  public static final int TRANSFER = 9;
  /** Nothing; keeps a snapshot and drops the log before it. */
  public static final int COMPACT = 10;

  private Calls() {}
}
