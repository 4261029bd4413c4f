package io.weft.node.core.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.weft.node.LogLevels;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Component;
import org.slf4j.LoggerFactory;

/** Levels of Logback, which is on the class path of the framework. */
@Component(name = "weft.node.levels")
public final class LogbackLevels implements LogLevels {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(LogbackLevels.class);
  private static final String ROOT = "root";
  private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");

  @Override
  public Map<String, String> levels() {
    Map<String, String> levels = new TreeMap<>();
    for (Logger logger : BackEnd.context().getLoggerList()) {
      Level level = logger.getLevel();
      if (level != null) {
        levels.put(isRoot(logger.getName()) ? ROOT : logger.getName(), level.toString().toLowerCase(Locale.ROOT));
      }
    }
    return levels;
  }

  @Override
  public void set(String logger, String level) {
    String wanted = level.toLowerCase(Locale.ROOT);
    boolean inherit = wanted.equals("default");
    if (!inherit && !LEVELS.contains(wanted)) {
      throw new IllegalArgumentException("a level is error, warn, info, debug, trace or default, not '" + level + "'");
    }
    if (logger.isBlank() || logger.length() > 256) {
      throw new IllegalArgumentException("name a logger, such as io.weft.mesh, or root");
    }
    Logger target = BackEnd.context().getLogger(isRoot(logger) ? org.slf4j.Logger.ROOT_LOGGER_NAME : logger);
    if (isRoot(logger) && inherit) {
      target.setLevel(Level.INFO); // the root has nothing to inherit from
    } else {
      target.setLevel(inherit ? null : Level.toLevel(wanted));
    }
    log.info("log level set logger={} level={}", logger, wanted);
  }

  private static boolean isRoot(String logger) {
    return logger.equalsIgnoreCase(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
