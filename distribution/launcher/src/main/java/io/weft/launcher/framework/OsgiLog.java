package io.weft.launcher.framework;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

/**
 * OSGi's log service, for bundles of others that use it (Declarative Services says there why a component failed): everything ends in the
 * one log, under {@code osgi}, of which only warnings are for operators unless they ask.
 */
final class OsgiLog implements LogService {

  private static final String PREFIX = "osgi.";

  private final String bundle;

  private final Consumer<Throwable> thrownSeen;

  private OsgiLog(Bundle bundle, Consumer<Throwable> thrownSeen) {
    this.bundle = PREFIX + bundle.getSymbolicName();
    this.thrownSeen = thrownSeen;
  }

  /** @param thrownSeen gets what is logged with a message */
  static void register(BundleContext context, Consumer<Throwable> thrownSeen) {
    context.registerService(new String[] {LogService.class.getName(), LoggerFactory.class.getName()}, new ServiceFactory<LogService>() {
      @Override
      public LogService getService(Bundle user, ServiceRegistration<LogService> registration) {
        return new OsgiLog(user, thrownSeen);
      }

      @Override
      public void ungetService(Bundle user, ServiceRegistration<LogService> registration, LogService service) {
        // nothing is held
      }
    }, null);
  }

  @Override
  public Logger getLogger(String name) {
    return getLogger(name, Logger.class);
  }

  @Override
  public Logger getLogger(Class<?> type) {
    return getLogger(type.getName(), Logger.class);
  }

  @Override
  public <L extends Logger> L getLogger(Class<?> type, Class<L> loggerType) {
    return getLogger(type.getName(), loggerType);
  }

  @Override
  public <L extends Logger> L getLogger(Bundle of, String name, Class<L> loggerType) {
    return getLogger(name, loggerType);
  }

  @Override
  public <L extends Logger> L getLogger(String name, Class<L> loggerType) {
    if (loggerType != Logger.class && loggerType != FormatterLogger.class) {
      throw new IllegalArgumentException("a logger is a Logger or a FormatterLogger, not a " + loggerType.getName());
    }
    org.slf4j.Logger target = org.slf4j.LoggerFactory.getLogger(name.equals(Logger.ROOT_LOGGER_NAME) ? bundle : PREFIX + name);
    boolean printf = loggerType == FormatterLogger.class;
    // Thirty methods that differ in a word; the proxy reads the word.
    return loggerType.cast(Proxy.newProxyInstance(OsgiLog.class.getClassLoader(), new Class<?>[] {loggerType},
        (proxy, method, arguments) -> call(proxy, target, printf, method, arguments)));
  }

  private Object call(Object proxy, org.slf4j.Logger target, boolean printf, Method method, Object[] arguments) throws Exception {
    String name = method.getName();
    if (method.getDeclaringClass() == Object.class) {
      return switch (name) {
        case "hashCode" -> System.identityHashCode(proxy);
        case "equals" -> proxy == arguments[0];
        default -> "logger " + target.getName();
      };
    }
    if (name.equals("getName")) {
      return target.getName();
    }
    boolean question = name.startsWith("is");
    String word = question ? name.substring(2, name.length() - "Enabled".length()) : name;
    Level level = word.equals("audit") ? Level.INFO : Level.valueOf(word.toUpperCase(Locale.ROOT));
    boolean enabled = target.isEnabledForLevel(level);
    if (question) {
      return enabled;
    }
    if (enabled && arguments[0] instanceof org.osgi.service.log.LoggerConsumer<?> consumer) {
      consume(consumer, (Logger) proxy);
    } else if (enabled) {
      log(target, level, printf, (String) arguments[0], flat(arguments));
    }
    return null;
  }

  @SuppressWarnings("unchecked") // whatever it throws is its caller's
  private static void consume(org.osgi.service.log.LoggerConsumer<?> consumer, Logger logger) throws Exception {
    ((org.osgi.service.log.LoggerConsumer<Exception>) consumer).accept(logger);
  }

  private static Object[] flat(Object[] arguments) {
    return arguments.length == 2 && arguments[1] instanceof Object[] many ? many : Arrays.copyOfRange(arguments, 1, arguments.length);
  }

  private void log(org.slf4j.Logger target, Level level, boolean printf, String format, Object[] arguments) {
    Throwable thrown = arguments.length > 0 && arguments[arguments.length - 1] instanceof Throwable last ? last : null;
    thrownSeen.accept(thrown);
    Object[] values = Arrays.stream(arguments).filter(argument -> !(argument instanceof ServiceReference) && argument != thrown).toArray();
    String message = values.length == 0 ? format : printf ? String.format(format, values) : MessageFormatter.arrayFormat(format, values).getMessage();
    target.atLevel(level).setCause(thrown).log("{}", message);
  }

  @Override
  public void log(int level, String message) {
    log(level, message, null);
  }

  @Override
  public void log(int level, String message, Throwable thrown) {
    thrownSeen.accept(thrown);
    Level slf4j = switch (level) {
      case LOG_ERROR -> Level.ERROR;
      case LOG_WARNING -> Level.WARN;
      case LOG_INFO -> Level.INFO;
      default -> Level.DEBUG;
    };
    org.slf4j.LoggerFactory.getLogger(bundle).atLevel(slf4j).setCause(thrown).log("{}", message);
  }

  @Override
  public void log(ServiceReference<?> reference, int level, String message) {
    log(level, message, null);
  }

  @Override
  public void log(ServiceReference<?> reference, int level, String message, Throwable thrown) {
    log(level, message, thrown);
  }
}
