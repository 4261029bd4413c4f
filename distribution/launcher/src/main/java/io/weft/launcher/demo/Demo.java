package io.weft.launcher.demo;

import java.util.List;

/** Something that is set up, told step by step, looked at, and taken away again. */
interface Demo extends AutoCloseable {

  /** Runs all steps; returns whether every one worked. */
  boolean tell(Progress progress) throws InterruptedException;

  /** What goes on until Ctrl-C: "the three nodes". */
  String whatStays();

  List<String> commandsToTry();

  /** Takes everything away. Safe to call twice, from any thread. */
  @Override
  void close();
}
