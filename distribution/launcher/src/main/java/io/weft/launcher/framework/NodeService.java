package io.weft.launcher.framework;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service {@code io.weft.node.Node}, called by reflection: its class is in a bundle, which the class path cannot see. */
final class NodeService {

  private static final String NAME = "io.weft.node.Node";
  private static final Logger log = LoggerFactory.getLogger(NodeService.class);

  private final BundleContext context;

  NodeService(BundleContext context) {
    this.context = context;
  }

  /** The name of the node's state, or empty while there is no node. */
  Optional<String> state() {
    return call("state").map(Object::toString);
  }

  /** Asks the node to leave and waits for it, not longer than {@code bound} and a little. */
  void leave(Duration bound) throws InterruptedException {
    Optional<Object> left = call("leave", bound);
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

  private Optional<Object> call(String method, Object... arguments) {
    ServiceReference<?> reference = context.getServiceReference(NAME);
    Object node = reference == null ? null : context.getService(reference);
    if (node == null) {
      return Optional.empty();
    }
    try {
      Class<?> api = node.getClass().getClassLoader().loadClass(NAME);
      Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {Duration.class};
      return Optional.ofNullable(api.getMethod(method, types).invoke(node, arguments));
    } catch (InvocationTargetException e) {
      log.warn("node call failed method={}", method, e.getCause());
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(NAME + " is not what this launcher was built for", e);
    } finally {
      context.ungetService(reference);
    }
  }
}
