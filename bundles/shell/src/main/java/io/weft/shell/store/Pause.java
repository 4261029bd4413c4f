package io.weft.shell.store;

/** Lets time pass. */
@FunctionalInterface
public interface Pause {

  void millis(long millis) throws InterruptedException;
}
