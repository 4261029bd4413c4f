package io.weft.shell.store;

/** Hears how far a long work is; often, on the thread that works. */
@FunctionalInterface
public interface Progress {

  void at(int done, int of);
}
