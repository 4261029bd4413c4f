package io.weft.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the first lines back until it is known how lines look, which is written in a file that is not read yet. Not for long: until
 * somebody says so, or there is a warning, or there are too many.
 */
final class HeldLines extends OutputStreamAppender<ILoggingEvent> {

  static final int HELD_MAX = 64;

  // Guards held, and that nobody overtakes what was held.
  private final Object order = new Object();
  private final List<ILoggingEvent> held = new ArrayList<>();
  private volatile boolean released;

  @Override
  protected void append(ILoggingEvent event) {
    if (!released) {
      synchronized (order) {
        if (!released) {
          event.prepareForDeferredProcessing();
          held.add(event);
          if (held.size() >= HELD_MAX || event.getLevel().isGreaterOrEqual(Level.WARN)) {
            release();
          }
          return;
        }
      }
    }
    super.append(event);
  }

  /** Writes what was held, and holds nothing from now on. */
  void release() {
    synchronized (order) {
      held.forEach(super::append);
      held.clear();
      released = true;
    }
  }
}
