package io.weft.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes lines, but no flood of them. Holds the first ones back until it is known how lines look, which is written in a file that is not
 * read yet; not for long: until somebody says so, or there is a warning, or there are too many.
 */
final class HeldLines extends OutputStreamAppender<ILoggingEvent> {

  static final int HELD_MAX = 64;

  // Guards held, and that nobody overtakes what was held.
  private final Object order = new Object();
  private final LineRate rate = new LineRate();
  private final List<ILoggingEvent> held = new ArrayList<>();
  private volatile boolean released;

  @Override
  protected void append(ILoggingEvent event) {
    LineRate.Verdict verdict = rate.next(event.getTimeStamp());
    if (verdict.droppedBefore() > 0) {
      super.append(dropped(event, verdict.droppedBefore()));
    }
    if (!verdict.written()) {
      return;
    }
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

  private ILoggingEvent dropped(ILoggingEvent before, long count) {
    Logger log = ((LoggerContext) getContext()).getLogger(HeldLines.class);
    LoggingEvent event = new LoggingEvent(HeldLines.class.getName(), log, Level.WARN, "log lines dropped count={} lines_per_second_max={}",
        null, new Object[] {count, LineRate.LINES_MAX});
    event.setTimeStamp(before.getTimeStamp());
    return event;
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
