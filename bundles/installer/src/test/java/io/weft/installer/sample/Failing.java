package io.weft.installer.sample;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Throws an Error rather than an exception. */
public final class Failing implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    throw new NoClassDefFoundError("org/example/Gone");
  }

  @Override
  public void stop(BundleContext context) {}
}
