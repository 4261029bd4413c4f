package io.weft.launcher.framework;

import org.apache.felix.framework.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.slf4j.LoggerFactory;

/** Brings what the framework has to say into the one log. */
final class FrameworkLog extends Logger {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger("org.apache.felix.framework");

  @Override
  protected void doLog(Bundle bundle, ServiceReference reference, int level, String message, Throwable thrown) {
    String name = bundle == null ? "framework" : String.valueOf(bundle.getSymbolicName());
    switch (level) {
      case LOG_ERROR -> log.error("framework error bundle={} message={}", name, message, thrown);
      case LOG_WARNING -> log.warn("framework warning bundle={} message={}", name, message, thrown);
      case LOG_INFO -> log.info("framework info bundle={} message={}", name, message, thrown);
      default -> log.debug("framework debug bundle={} message={}", name, message, thrown);
    }
  }

  @Override
  protected void doLog(int level, String message, Throwable thrown) {
    doLog(null, null, level, message, thrown);
  }
}
