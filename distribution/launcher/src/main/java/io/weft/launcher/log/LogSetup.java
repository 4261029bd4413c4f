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
import io.weft.support.Redactor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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

  /** What nobody said yet, in the words of the command line and of weft.yaml. */
  private static final String FORMAT = "text";

  private static final String LEVEL = "info";
  private static final List<String> FORMATS = List.of("text", "json");
  private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    context.setMaxCallerDataDepth(0);
    context.setPackagingDataEnabled(false);
    LineEncoder encoder = encoder(context);
    encoder.use(format(FORMAT));
    start(context, new OutputStreamAppender<>(), encoder, new StandardError());
    levels(context, LEVEL);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Applies what was asked for on the command line, lets the node say the rest, and takes over what others print or log elsewhere.
   *
   * @param format {@code text} or {@code json}, whatever weft.yaml says; empty if that decides
   * @param level error, warn, info, debug or trace, whatever weft.yaml says; empty if that decides
   */
  public static void apply(Optional<String> format, Optional<String> level) throws Failure {
    if (format.isPresent() && !FORMATS.contains(format.get())) {
      throw Failure.usage("--log-format is text or json, not '" + format.get() + "'");
    }
    if (level.isPresent() && !LEVELS.contains(level.get())) {
      throw Failure.usage("--log-level is error, warn, info, debug or trace, not '" + level.get() + "'");
    }
    apply((LoggerContext) LoggerFactory.getILoggerFactory(), format, level, new StandardError());
    JulBridge.install();
    System.setOut(LinesToLog.stream("stdout"));
    System.setErr(LinesToLog.stream("stderr"));
  }

  static void apply(LoggerContext context, Optional<String> format, Optional<String> level, OutputStream target) {
    Redactor redactor = new Redactor();
    context.putObject(LogSeam.HIDE, (Consumer<byte[]>) redactor::hide);
    context.putObject(LogSeam.MASK, (UnaryOperator<String>) redactor::mask);
    LineEncoder encoder = encoder(context);
    encoder.use(format(format.orElse(FORMAT)));
    encoder.mask(redactor::mask);
    HeldLines lines = new HeldLines();
    start(context, lines, encoder, target);
    levels(context, level.orElse(LEVEL));
    if (format.isPresent()) {
      lines.release();
    }
    context.putObject(LogSeam.RELEASE, (Runnable) lines::release);
    context.putObject(LogSeam.USE, (Consumer<Map<String, String>>) wanted -> {
      encoder.use(format(format.orElse(wanted.getOrDefault("format", FORMAT))));
      levels(context, level.orElse(wanted.getOrDefault("level", LEVEL)));
      lines.release();
    });
  }

  /** Nobody will say any more how lines look, so those that wait for it are written. */
  public static void release() {
    if (((LoggerContext) LoggerFactory.getILoggerFactory()).getObject(LogSeam.RELEASE) instanceof Runnable release) {
      release.run();
    }
  }

  private static LineEncoder encoder(LoggerContext context) {
    LineEncoder encoder = new LineEncoder();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static void start(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, LineEncoder encoder, OutputStream target) {
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    appender.setName("lines");
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(target);
    appender.start();
    root.addAppender(appender);
  }

  private static LineEncoder.Format format(String name) {
    return LineEncoder.Format.valueOf(name);
  }

  private static void levels(LoggerContext context, String name) {
    Level level = Level.toLevel(name.toUpperCase(Locale.ROOT));
    // More than usual is asked of us, not of the libraries; log:level can change each of them.
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(atLeast(Level.INFO, level));
    context.getLogger("io.weft").setLevel(level);
    for (String library : QUIET) {
      context.getLogger(library).setLevel(atLeast(Level.WARN, level));
    }
    context.getLogger("org.apache.ratis").setLevel(atLeast(Level.ERROR, level)); // warns of each call to a member that is away
  }

  private static Level atLeast(Level least, Level level) {
    return level.isGreaterOrEqual(least) ? level : least;
  }
}
