package io.weft.dcs.raft.member;

import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.ReflectionUtils;

/** What must be done before anything else of Ratis is touched. */
final class Ratis {

  private Ratis() {}

  /**
   * Ratis finds its own classes through the context class loader of whoever came first, and ends the process when any thread of
   * it dies of an exception. Here it finds them in this bundle, and ends nothing.
   */
  static synchronized void load() {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    Thread.UncaughtExceptionHandler uncaught = Thread.getDefaultUncaughtExceptionHandler();
    thread.setContextClassLoader(Ratis.class.getClassLoader());
    try {
      ReflectionUtils.getClassLoader();
      MetricRegistries.global();
      ExitUtils.disableSystemExit();
      ExitUtils.setTerminateOnUncaughtException(false);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(uncaught);
      thread.setContextClassLoader(context);
    }
  }
}
