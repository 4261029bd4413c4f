package io.weft.installer.sample;

import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Leaves a thread behind. */
public final class Leaking implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    Thread thread = new Thread(LockSupport::park, "leaked");
    thread.setContextClassLoader(Leaking.class.getClassLoader());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void stop(BundleContext context) {}
}
