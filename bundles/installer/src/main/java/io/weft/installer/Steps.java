package io.weft.installer;

import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever listens which step of a change was just done: services {@link Consumer} with the property {@code
 * weft.observes=plugin.steps}. They are called on the thread of the change, between its steps.
 */
final class Steps {

  private static final String FILTER = "(weft.observes=plugin.steps)";
  private static final Logger log = LoggerFactory.getLogger(Steps.class);

  private final BundleContext context;

  Steps(BundleContext context) {
    this.context = context;
  }

  @SuppressWarnings("unchecked") // the property says what it takes
  void done(String step) {
    log.info("plugin change step={}", step);
    try {
      for (ServiceReference<?> reference : context.getServiceReferences(Consumer.class, FILTER)) {
        Object service = context.getService(reference);
        if (service instanceof Consumer<?> consumer) {
          ((Consumer<Object>) consumer).accept(step);
        }
        context.ungetService(reference);
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("a filter of our own is well-formed", e);
    }
  }
}
