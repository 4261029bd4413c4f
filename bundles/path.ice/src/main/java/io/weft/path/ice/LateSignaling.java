package io.weft.path.ice;

import io.weft.signaling.Signaling;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Signaling, looked up when it is first asked for. It needs the mesh, which needs paths, which need it: were it bound while this bundle's
 * component starts, each of the three could wait for itself. Any thread; no lock is held while the service is looked up.
 */
final class LateSignaling {

  private final BundleContext context;
  private volatile @Nullable ServiceReference<Signaling> reference;
  private volatile @Nullable Signaling service;

  LateSignaling(BundleContext context) {
    this.context = context;
  }

  synchronized void set(ServiceReference<Signaling> next) {
    release();
    reference = next;
  }

  synchronized void unset(ServiceReference<Signaling> gone) {
    if (gone.equals(reference)) {
      release();
    }
  }

  private void release() {
    ServiceReference<Signaling> before = reference;
    if (service != null && before != null) {
      context.ungetService(before);
    }
    reference = null;
    service = null;
  }

  @Nullable Signaling get() {
    Signaling now = service;
    ServiceReference<Signaling> of = reference;
    if (now != null || of == null) {
      return now;
    }
    Signaling found = context.getService(of);
    if (found != null && !keep(of, found)) {
      context.ungetService(of);
    }
    return found;
  }

  /** Whether this is the first to find it, and it is still the one. */
  private synchronized boolean keep(ServiceReference<Signaling> of, Signaling found) {
    boolean first = of.equals(reference) && service == null;
    if (first) {
      service = found;
    }
    return first;
  }
}
