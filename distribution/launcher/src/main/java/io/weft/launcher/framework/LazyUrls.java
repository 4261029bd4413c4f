package io.weft.launcher.framework;

import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.service.url.AbstractURLStreamHandlerService;
import org.osgi.service.url.URLConstants;
import org.osgi.service.url.URLStreamHandlerService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands in for a bundle that handles a kind of URL, until somebody uses one: then the bundle is started and takes over. */
final class LazyUrls extends AbstractURLStreamHandlerService {

  private static final Duration SETTLE_MAX = Duration.ofSeconds(3);
  private static final Logger log = LoggerFactory.getLogger(LazyUrls.class);

  private final BundleContext context;
  private final PlannedBundle bundle;

  private LazyUrls(BundleContext context, PlannedBundle bundle) {
    this.context = context;
    this.bundle = bundle;
  }

  static void register(BundleContext context, PlannedBundle bundle) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(URLConstants.URL_HANDLER_PROTOCOL, new String[] {bundle.startFor()});
    properties.put(Constants.SERVICE_RANKING, Integer.MIN_VALUE);
    context.registerService(URLStreamHandlerService.class, new LazyUrls(context, bundle), properties);
  }

  @Override
  public URLConnection openConnection(URL url) throws IOException {
    Bundle handler = context.getBundle(bundle.location());
    if (handler == null) {
      throw new IOException("no bundle handles " + bundle.startFor() + ": URLs");
    }
    try {
      start(handler);
      for (ServiceReference<URLStreamHandlerService> reference : context.getServiceReferences(
          URLStreamHandlerService.class, "(" + URLConstants.URL_HANDLER_PROTOCOL + "=" + bundle.startFor() + ")")) {
        URLStreamHandlerService service = context.getService(reference);
        if (service != null && service != this) {
          return service.openConnection(url);
        }
      }
    } catch (BundleException | InvalidSyntaxException e) {
      throw new IOException("bundle " + handler.getSymbolicName() + " does not start: " + e.getMessage(), e);
    }
    throw new IOException("bundle " + handler.getSymbolicName() + " does not handle " + bundle.startFor() + ": URLs");
  }

  /**
   * For now only: the next start of the node is as lazy as this one was. Pax's handler makes everything anew, and closes what it had, when
   * Configuration Admin tells it a moment later that there is no configuration; who asked in between would be refused.
   */
  private void start(Bundle handler) throws BundleException {
    if (handler.getState() == Bundle.ACTIVE) {
      return;
    }
    CountDownLatch madeAnew = new CountDownLatch(1);
    AllServiceListener listener = event -> {
      if (event.getType() == ServiceEvent.UNREGISTERING && event.getServiceReference().getBundle() == handler) {
        madeAnew.countDown();
      }
    };
    context.addServiceListener(listener);
    try {
      handler.start(Bundle.START_TRANSIENT);
      if (context.getServiceReference("org.osgi.service.cm.ConfigurationAdmin") != null
          && !madeAnew.await(SETTLE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("url handler was not configured bundle={} within_ms={}", handler.getSymbolicName(), SETTLE_MAX.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      context.removeServiceListener(listener);
    }
  }
}
