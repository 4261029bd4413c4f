package io.weft.launcher.framework;

import java.lang.reflect.Field;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.launch.Framework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets uninstalled bundles go. Felix 7.0.5, the last release, keeps for each bundle which services it has used, with a count of zero once
 * they are given back, for as long as the service is registered; so each plugin that came and went would stay in memory (17 KiB for a
 * small one) until the node ends. There is no public way to tell it, so this looks into the one field of its registry.
 */
final class ForgottenUses implements BundleListener {

  private static final Logger log = LoggerFactory.getLogger(ForgottenUses.class);

  private final Map<?, ?> usesByBundle;

  private ForgottenUses(Map<?, ?> usesByBundle) {
    this.usesByBundle = usesByBundle;
  }

  /** After the framework was initialised, each time: it then has a new registry and no listeners. */
  static void open(Framework framework) {
    try {
      Map<?, ?> uses = (Map<?, ?>) read(read(framework, "m_registry"), "m_inUseMap");
      framework.getBundleContext().addBundleListener(new ForgottenUses(uses));
    } catch (ReflectiveOperationException | ClassCastException e) {
      log.warn("uninstalled bundles stay in memory because={}", "this version of the framework is another one than expected", e);
    }
  }

  private static Object read(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  /** A bundle gives back all its services before this event, and gets none after it. */
  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.UNINSTALLED) {
      Bundle gone = event.getBundle();
      usesByBundle.remove(gone);
    }
  }
}
