package org.example.ran;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Leaves a trace in this process as soon as its class is loaded. */
public final class Ran implements BundleActivator {

  static {
    System.setProperty("weft.test.plugin.ran", "true");
  }

  @Override
  public void start(BundleContext context) {
    // the trace is enough
  }

  @Override
  public void stop(BundleContext context) {
    // nothing was begun
  }
}
