package io.weft.shell.sample;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A component of whatever type a test gives it. */
public final class Part implements Executor, Callable<String>, Supplier<String> {

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public String call() {
    return "";
  }

  @Override
  public String get() {
    return "";
  }
}
