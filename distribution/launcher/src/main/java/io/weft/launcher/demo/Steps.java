package io.weft.launcher.demo;

import java.io.IOException;

/** Runs steps one by one. One that fails is shown as failed; whether those after it make sense is the story's to say. */
final class Steps {

  private final Progress progress;
  private boolean allGood = true;

  /** Returns what was measured. */
  interface Step {
    String run() throws DemoFailed, IOException, InterruptedException;
  }

  Steps(Progress progress) {
    this.progress = progress;
  }

  boolean step(String name, Step step) throws InterruptedException {
    progress.begin(name);
    long start = System.nanoTime();
    boolean good = false;
    String detail;
    try {
      detail = step.run();
      good = true;
    } catch (DemoFailed | IOException e) {
      detail = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    allGood &= good;
    progress.end(new Progress.Result(name, good, detail, (System.nanoTime() - start) / 1_000_000));
    return good;
  }

  boolean allGood() {
    return allGood;
  }

  static String seconds(long start) {
    return String.format("%.1f s", (System.nanoTime() - start) / 1e9);
  }
}
