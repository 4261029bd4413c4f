package io.weft.itests.lab;

import java.util.concurrent.Callable;

/** Asks a question that costs the nodes something only every 50 ms, and says no in between: who measures must not be the load. */
final class Paced implements Callable<Boolean> {

  private static final long PACE = 50_000_000;

  private final Callable<Boolean> question;
  private long asked = System.nanoTime() - PACE;

  private Paced(Callable<Boolean> question) {
    this.question = question;
  }

  static Callable<Boolean> ask(Callable<Boolean> question) {
    return new Paced(question);
  }

  @Override
  public Boolean call() throws Exception {
    if (System.nanoTime() - asked < PACE) {
      return false;
    }
    boolean answer = question.call();
    asked = System.nanoTime();
    return answer;
  }
}
