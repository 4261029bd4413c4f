package io.weft.launcher.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings warnings and errors of java.util.logging, which the JDK and some libraries use, into the one log. */
final class JulBridge extends Handler {

  private static final SimpleFormatter MESSAGES = new SimpleFormatter();

  static void install() {
    java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(Level.WARNING);
    root.addHandler(new JulBridge());
  }

  @Override
  public void publish(LogRecord record) {
    String name = record.getLoggerName();
    Logger log = LoggerFactory.getLogger(name == null || name.isEmpty() ? "java.util.logging" : name);
    if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
      log.error("{}", MESSAGES.formatMessage(record), record.getThrown());
    } else if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      log.warn("{}", MESSAGES.formatMessage(record), record.getThrown());
    } else {
      log.debug("{}", MESSAGES.formatMessage(record), record.getThrown());
    }
  }

  @Override
  public void flush() {
    // every event is written at once
  }

  @Override
  public void close() {
    // nothing is held
  }
}
