package io.weft.launcher.framework;

import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.url.AbstractURLStreamHandlerService;
import org.osgi.service.url.URLConstants;
import org.osgi.service.url.URLStreamHandlerService;

/** Stands in for a bundle that handles a kind of URL, until somebody uses one: then the bundle is started and takes over. */
final class LazyUrls extends AbstractURLStreamHandlerService {

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
      // For now only: the next start is as lazy as this one was.
      handler.start(Bundle.START_TRANSIENT);
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
}
