package io.weft.path.ice;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * A service that is looked up when it is first asked for. The mesh, and signaling, which needs the mesh, need paths, which need them: were
 * they bound while this bundle's component starts, each could wait for itself. Any thread; no lock is held while the service is looked up.
 */
final class Late<T> {

  private final BundleContext context;
  private volatile @Nullable ServiceReference<T> reference;
  private volatile @Nullable T service;

  Late(BundleContext context) {
    this.context = context;
  }

  synchronized void set(ServiceReference<T> next) {
    release();
    reference = next;
  }

  synchronized void unset(ServiceReference<T> gone) {
    if (gone.equals(reference)) {
      release();
    }
  }

  private void release() {
    ServiceReference<T> before = reference;
    if (service != null && before != null) {
      context.ungetService(before);
    }
    reference = null;
    service = null;
  }

  @Nullable T get() {
    T now = service;
    ServiceReference<T> of = reference;
    if (now != null || of == null) {
      return now;
    }
    T found = context.getService(of);
    if (found != null && !keep(of, found)) {
      context.ungetService(of);
    }
    return found;
  }

  /** Whether this is the first to find it, and it is still the one. */
  private synchronized boolean keep(ServiceReference<T> of, T found) {
    boolean first = of.equals(reference) && service == null;
    if (first) {
      service = found;
    }
    return first;
  }
}
