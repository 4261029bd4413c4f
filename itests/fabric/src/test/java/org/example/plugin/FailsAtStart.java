package org.example.plugin;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not start. */
public final class FailsAtStart implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    throw new IllegalStateException("this version is broken");
  }

  @Override
  public void stop(BundleContext context) {}
}
