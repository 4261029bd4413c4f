package io.weft.installer;

import io.weft.support.wiring.Missing;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that a plugin did not end when it was stopped: they hold its classes for good. */
record LeftBehind(String plugin, Optional<ClassLoader> loader) {

  private static final Logger log = LoggerFactory.getLogger(LeftBehind.class);

  /** To be asked while the plugin still has its class loader. */
  static LeftBehind of(Bundle bundle) {
    return new LeftBehind(Missing.name(bundle), Optional.ofNullable(bundle.adapt(BundleWiring.class)).map(BundleWiring::getClassLoader));
  }

  List<String> threads() {
    return loader.map(loaded -> Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && (thread.getContextClassLoader() == loaded || thread.getClass().getClassLoader() == loaded))
        .map(Thread::getName).sorted().toList()).orElse(List.of());
  }

  void report() {
    List<String> threads = threads();
    if (!threads.isEmpty()) {
      log.warn("plugin left threads plugin={} threads={} consequence=\"{}\"", plugin, threads, "its memory is not freed before a restart");
    }
  }
}
