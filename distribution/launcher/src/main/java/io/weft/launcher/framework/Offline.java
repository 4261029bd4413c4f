package io.weft.launcher.framework;

import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import java.io.IOException;
import java.nio.file.Files;

/** Work on the home of a node that must not run meanwhile, and cannot start. */
public final class Offline {

  /** Returns the exit code. */
  public interface Work {
    int run() throws Failure;
  }

  private Offline() {}

  /** Where there is no home yet, there is nothing to keep a node away from. */
  public static int run(Home home, Work work) throws Failure {
    if (!Files.isDirectory(home.data())) {
      return work.run();
    }
    home.prepare();
    try (RunLock lock = RunLock.take(home.lock(), home.dir())) {
      return work.run();
    } catch (IOException e) {
      throw new Failure(Failure.CHECK, "cannot release " + home.lock() + ": " + e.getMessage(), e);
    }
  }
}
