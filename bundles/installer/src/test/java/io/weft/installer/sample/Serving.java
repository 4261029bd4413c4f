package io.weft.installer.sample;

import java.util.concurrent.Executor;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Works, and offers a service. */
public final class Serving implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    context.registerService(Executor.class, (Executor) Runnable::run, null);
  }

  @Override
  public void stop(BundleContext context) {}
}
