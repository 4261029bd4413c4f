package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.launch.Framework;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;
import org.slf4j.LoggerFactory;

class OsgiLogTest {

  @TempDir
  Path dir;

  private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
  private final Logger target = (Logger) LoggerFactory.getLogger("osgi");
  private Framework framework;
  private LogService service;
  private final List<Throwable> thrown = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    framework = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage", dir.toString()));
    framework.init();
    OsgiLog.register(framework.getBundleContext(), thrown::add);
    service = framework.getBundleContext().getService(framework.getBundleContext().getServiceReference(LogService.class));
    seen.start();
    target.addAppender(seen);
  }

  @AfterEach
  void stop() throws Exception {
    target.detachAppender(seen);
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test
  void everyWayToLogEndsInTheOneLogWithTheBundlesName() {
    Exception why = new IllegalStateException("why");
    service.log(LogService.LOG_WARNING, "old");
    service.getLogger("a.B").warn("new {} of {}", 1, 2);
    service.getLogger("a.B", FormatterLogger.class).error("printf %03d", 7);
    service.getLogger(OsgiLogTest.class).error("failed {}", "x", why);
    service.getLogger(org.osgi.service.log.Logger.ROOT_LOGGER_NAME).warn(logger -> logger.warn("lazy"));
    assertThat(seen.list).extracting(event -> event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage())
        .containsExactly("WARN osgi.org.apache.felix.framework old", "WARN osgi.a.B new 1 of 2", "ERROR osgi.a.B printf 007",
            "ERROR osgi." + OsgiLogTest.class.getName() + " failed x", "WARN osgi.org.apache.felix.framework lazy");
    assertThat(seen.list.get(3).getThrowableProxy().getMessage()).isEqualTo("why");
    assertThat(thrown).contains(why);
  }

  @Test
  void aLoggerAnswersQuestionsAndIsAnObject() {
    org.osgi.service.log.Logger logger = service.getLogger("a.B");
    assertThat(logger.getName()).isEqualTo("osgi.a.B");
    assertThat(logger.isErrorEnabled()).isTrue();
    assertThat(logger.isTraceEnabled()).isFalse();
    assertThat(logger).isEqualTo(logger).hasToString("logger osgi.a.B").hasSameHashCodeAs(logger);
  }
}
