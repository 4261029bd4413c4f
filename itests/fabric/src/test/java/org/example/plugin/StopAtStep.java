package org.example.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Holds a change of plugins at the kind of step that the file {@code data/stop-at} names, says so in {@code data/stopped-at}, and waits to be killed. */
public final class StopAtStep implements BundleActivator, Consumer<Object> {

  private Path data;

  @Override
  public void start(BundleContext context) {
    data = Path.of(context.getProperty("weft.home"), "data");
    context.registerService(Consumer.class, this, new Hashtable<>(Map.of("weft.observes", "plugin.steps")));
  }

  @Override
  public void stop(BundleContext context) {}

  @Override
  public void accept(Object step) {
    try {
      Path wanted = data.resolve("stop-at");
      if (Files.exists(wanted) && Files.readString(wanted).equals(step.toString().split(" ")[0])) {
        Files.createFile(data.resolve("stopped-at"));
        while (Files.exists(wanted)) {
          LockSupport.parkNanos(1_000_000);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
