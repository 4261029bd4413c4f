package io.weft.installer;

import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever listens which step of a change was just done: services {@link Consumer} with the property {@code
 * weft.observes=plugin.steps}, which take a text: the {@link ChangeStep}, and the bundle if it is about one. They are called on the thread of the change, between its steps.
 */
final class Steps {

  private static final String FILTER = "(weft.observes=plugin.steps)";
  private static final Logger log = LoggerFactory.getLogger(Steps.class);

  private final BundleContext context;

  Steps(BundleContext context) {
    this.context = context;
  }

  void done(ChangeStep step) {
    done(step, "");
  }

  /** @param bundle its name */
  @SuppressWarnings("unchecked") // the property says what it takes
  void done(ChangeStep what, String bundle) {
    String step = (what + " " + bundle).strip();
    log.info("plugin change step={}", step);
    try {
      for (ServiceReference<?> reference : context.getServiceReferences(Consumer.class, FILTER)) {
        Object service = context.getService(reference);
        if (service instanceof Consumer<?> consumer) {
          tell((Consumer<Object>) consumer, step);
        }
        context.ungetService(reference);
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("a filter of our own is well-formed", e);
    }
  }

  private static void tell(Consumer<Object> listener, String step) {
    try {
      listener.accept(step);
    } catch (RuntimeException | LinkageError e) { // a stranger's fault must not cut a change off
      log.warn("listener failed step=\"{}\" reason=\"{}\"", step, String.valueOf(e));
    }
  }
}
