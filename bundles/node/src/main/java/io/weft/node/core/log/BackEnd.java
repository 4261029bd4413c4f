package io.weft.node.core.log;

import ch.qos.logback.classic.LoggerContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/**
 * What Logback, and whoever set it up on the class path of the framework, does for us. The launcher leaves functions in Logback's context;
 * where there is no launcher, as in tests, they are not there and the log is somebody else's.
 */
public final class BackEnd {

  private BackEnd() {}

  static LoggerContext context() {
    return present().orElseThrow(
        () -> new IllegalStateException("the log does not go through Logback, so its levels cannot be changed here"));
  }

  private static Optional<LoggerContext> present() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context ? Optional.of(context) : Optional.empty();
  }

  /** Format and level as weft.yaml has them. */
  @SuppressWarnings("unchecked") // the launcher says what is there under that name
  static void use(Map<String, String> settings) {
    present().map(context -> (Consumer<Map<String, String>>) context.getObject("weft.log.use")).ifPresent(use -> use.accept(settings));
  }

  /** What keeps secret values out of the log, if it has that. */
  @SuppressWarnings("unchecked") // as above
  public static Optional<Consumer<byte[]>> hide() {
    return present().map(context -> (Consumer<byte[]>) context.getObject("weft.log.hide"));
  }

  /** Takes those values out of other texts. */
  @SuppressWarnings("unchecked") // as above
  public static Optional<UnaryOperator<String>> mask() {
    return present().map(context -> (UnaryOperator<String>) context.getObject("weft.log.mask"));
  }
}
