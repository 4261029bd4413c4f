package io.weft.itests.dcs;

/** Whoever keeps a part of a store, and can fail. */
public interface Member {

  String name();

  boolean isAlive();

  /** SIGKILL: nothing is shut down. */
  void kill();

  /** After {@link #kill}, with the data of before. Returns at once. */
  void start();

  /** SIGSTOP: there, but silent. */
  void pause();

  /** Ends {@link #pause}. */
  void resume();
}
