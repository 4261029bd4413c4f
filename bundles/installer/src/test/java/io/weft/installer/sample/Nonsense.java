package io.weft.installer.sample;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers something that is not what it says. */
public final class Nonsense implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    context.registerService("java.util.concurrent.Executor", "a text", null);
  }

  @Override
  public void stop(BundleContext context) {}
}
