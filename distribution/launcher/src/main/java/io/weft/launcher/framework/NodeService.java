package io.weft.launcher.framework;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of this node, called by reflection: their classes are in a bundle, which the class path cannot see. */
final class NodeService {

  private static final String NODE = "io.weft.node.Node";
  private static final String SETTINGS = "io.weft.node.Settings";
  private static final Logger log = LoggerFactory.getLogger(NodeService.class);

  private final BundleContext context;

  NodeService(BundleContext context) {
    this.context = context;
  }

  /** The name of the node's state, or empty while there is no node. */
  Optional<String> state() {
    return call(NODE, "state").map(Object::toString);
  }

  /** What is wrong with the configuration file, one line each. */
  List<String> configProblems() {
    return call(SETTINGS, "problems").map(list -> ((List<?>) list).stream().map(Object::toString).toList()).orElse(List.of());
  }

  /** Asks the node to leave and waits for it, not longer than {@code bound} and a little. */
  void leave(Duration bound) throws InterruptedException {
    Optional<Object> left = call(NODE, "leave", bound);
    if (left.isEmpty()) {
      return;
    }
    try {
      ((CompletionStage<?>) left.get()).toCompletableFuture().get(bound.toMillis() + 500, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      log.warn("leaving failed", e.getCause());
    } catch (TimeoutException e) {
      log.warn("leaving took too long bound_ms={}", bound.toMillis());
    }
  }

  private Optional<Object> call(String name, String method, Object... arguments) {
    ServiceReference<?> reference = context.getServiceReference(name);
    Object service = reference == null ? null : context.getService(reference);
    if (service == null) {
      return Optional.empty();
    }
    try {
      Class<?> api = service.getClass().getClassLoader().loadClass(name);
      Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {Duration.class};
      return Optional.ofNullable(api.getMethod(method, types).invoke(service, arguments));
    } catch (InvocationTargetException e) {
      log.warn("node call failed method={}", method, e.getCause());
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " is not what this launcher was built for", e);
    } finally {
      context.ungetService(reference);
    }
  }
}
