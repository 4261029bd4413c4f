package io.weft.launcher.log;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a bundle prints becomes events, one per line, so that it cannot tear the log or send escape sequences to a terminal. */
final class LinesToLog extends OutputStream {

  private final Logger log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  // Set while this thread logs a line: an appender that prints would otherwise log for ever.
  private final ThreadLocal<Boolean> busy = ThreadLocal.withInitial(() -> false);

  private LinesToLog(Logger log) {
    this.log = log;
  }

  static PrintStream stream(String name) {
    return new PrintStream(new LinesToLog(LoggerFactory.getLogger(name)), true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n' || line.size() >= Escape.FIELD_MAX) {
      emit();
    }
    if (b != '\n' && b != '\r') {
      line.write(b);
    }
  }

  private void emit() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.isBlank() || busy.get()) {
      return;
    }
    busy.set(true);
    try {
      log.warn("{}", text);
    } finally {
      busy.remove();
    }
  }
}
