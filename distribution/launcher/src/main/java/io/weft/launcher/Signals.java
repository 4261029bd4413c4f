package io.weft.launcher;

import sun.misc.Signal;

/**
 * Signals of the operating system. The one place that touches {@code sun.misc.Signal}: a shutdown hook cannot choose the exit code, nor take
 * Ctrl-C as anything else than the end.
 */
@SuppressWarnings("sunapi") // module jdk.unsupported exports it for exactly this, and there is nothing else
public final class Signals {

  private Signals() {}

  /** Runs {@code action} on a thread of the JVM's each time that one of these arrives: TERM, INT, HUP, WINCH. */
  public static void on(Runnable action, String... names) {
    for (String name : names) {
      Signal.handle(new Signal(name), signal -> action.run());
    }
  }
}
