package io.weft.billing.core;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Everything that is logged meanwhile, of any level. */
final class LogLines {

  /** Something that logs. */
  interface Work {
    void go() throws Exception;
  }

  private LogLines() {}

  static List<ILoggingEvent> during(Work work) throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger("io.weft");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    root.addAppender(lines);
    Level before = root.getLevel();
    root.setLevel(Level.TRACE);
    try {
      work.go();
    } finally {
      root.setLevel(before);
      root.detachAppender(lines);
    }
    return List.copyOf(lines.list);
  }
}
