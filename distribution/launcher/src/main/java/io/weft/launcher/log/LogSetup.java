package io.weft.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.weft.launcher.Failure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log of a node, in code: reading XML would cost a tenth of the start. Logback finds this class as a service, so that it is
 * there before the first line, whoever logs it.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {

  /** Logback closes the stream of an appender that it replaces; this process has only one standard error. */
  private static final class StandardError extends FileOutputStream {
    StandardError() {
      super(FileDescriptor.err);
    }

    @Override
    public void close() {
      // stays open
    }
  }

  /** Libraries of which only warnings are for operators. */
  private static final List<String> QUIET =
      List.of("io.netty", "org.apache", "org.jline", "org.ops4j", "org.eclipse", "shaded", "osgi", "jdk", "java", "javax", "sun");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    context.setMaxCallerDataDepth(0);
    context.setPackagingDataEnabled(false);
    apply(context, LineEncoder.Format.text, Level.INFO, new StandardError());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Applies what was asked for on the command line, and takes over what others print or log elsewhere.
   *
   * @param format {@code text} or {@code json}
   * @param level error, warn, info, debug or trace
   */
  public static void apply(String format, String level) throws Failure {
    LineEncoder.Format chosen = switch (format) {
      case "text" -> LineEncoder.Format.text;
      case "json" -> LineEncoder.Format.json;
      default -> throw Failure.usage("--log-format is text or json, not '" + format + "'");
    };
    if (!List.of("error", "warn", "info", "debug", "trace").contains(level)) {
      throw Failure.usage("--log-level is error, warn, info, debug or trace, not '" + level + "'");
    }
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    apply(context, chosen, Level.toLevel(level.toUpperCase(Locale.ROOT)), new StandardError());
    JulBridge.install();
    System.setOut(LinesToLog.stream("stdout"));
    System.setErr(LinesToLog.stream("stderr"));
  }

  static void apply(LoggerContext context, LineEncoder.Format format, Level level, OutputStream target) {
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    LineEncoder encoder = new LineEncoder(format);
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setName("lines");
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(target);
    appender.start();
    root.addAppender(appender);
    // More than usual is asked of us, not of the libraries; log:level can change each of them.
    root.setLevel(atLeast(Level.INFO, level));
    context.getLogger("io.weft").setLevel(level);
    for (String name : QUIET) {
      context.getLogger(name).setLevel(atLeast(Level.WARN, level));
    }
  }

  private static Level atLeast(Level least, Level level) {
    return level.isGreaterOrEqual(least) ? level : least;
  }
}
