package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

class StartFailuresTest {

  private final StartFailures failures = new StartFailures();

  @Test
  void remembersTheFirstLineOfTheCause(@TempDir Path dir) throws Exception {
    Framework framework = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage", dir.toString()));
    framework.init();
    try {
      BundleContext context = framework.getBundleContext();
      failures.register(context);
      failures.frameworkEvent(new FrameworkEvent(FrameworkEvent.ERROR, framework, failed("does not matter")));
      ServiceReference<?> found = context.getServiceReferences(LongFunction.class, "(weft.provides=bundle.failures)").iterator().next();
      assertThat(((LongFunction<?>) context.getService(found)).apply(0)).isEqualTo("IllegalStateException: no disk");
    } finally {
      framework.stop();
      framework.waitForStop(10_000);
    }
  }

  @Test
  void findsInTheLogWhatTheDeployFolderCouldNotStart() {
    failures.logged(failed("Activator start error in bundle org.example.x [12]."));
    failures.logged(failed("something else"));
    failures.logged(new IllegalStateException("bundle org.example.y [13]"));
    failures.logged(null);
    assertThat(failures.apply(12)).isEqualTo("IllegalStateException: no disk");
    assertThat(failures.apply(13)).isEmpty();
  }

  @Test
  void remembersABoundedNumber() {
    for (int id = 0; id <= StartFailures.KEPT_MAX; id++) {
      failures.logged(failed("Activator start error in bundle x [" + id + "]."));
    }
    assertThat(failures.apply(0)).isEmpty();
    assertThat(failures.apply(StartFailures.KEPT_MAX)).isNotEmpty();
  }

  private static BundleException failed(String message) {
    return new BundleException(message, BundleException.ACTIVATOR_ERROR, new RuntimeException(new IllegalStateException("no disk\nat all")));
  }
}
