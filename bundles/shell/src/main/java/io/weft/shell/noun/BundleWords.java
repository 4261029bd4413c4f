package io.weft.shell.noun;

import io.weft.shell.frame.Text;
import io.weft.support.wiring.Missing;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The state of a bundle in words, and what keeps it from a better one. */
public final class BundleWords {

  private static final int REASONS_MAX = 5;

  private BundleWords() {}

  static String name(Bundle bundle) {
    return Missing.name(bundle);
  }

  public static String state(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.UNINSTALLED -> "uninstalled";
      case Bundle.INSTALLED -> "installed";
      case Bundle.RESOLVED -> isFragment(bundle) ? "fragment" : "resolved";
      case Bundle.STARTING -> "starting";
      case Bundle.STOPPING -> "stopping";
      case Bundle.ACTIVE -> "active";
      default -> "unknown";
    };
  }

  static boolean isFragment(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  /** Whether it should be running and is not. */
  static boolean isFailed(Bundle bundle) {
    if (bundle.getState() != Bundle.INSTALLED && bundle.getState() != Bundle.RESOLVED) {
      return false;
    }
    return bundle.adapt(BundleStartLevel.class).isPersistentlyStarted() && !isFragment(bundle);
  }

  /**
   * Why it does not run, in words; empty if it does or is not meant to.
   *
   * @param all every bundle, the system bundle first
   */
  public static String reason(Bundle bundle, List<Bundle> all) {
    if (bundle.getState() == Bundle.INSTALLED) {
      String refused = failure(all.get(0).getBundleContext(), bundle.getBundleId(), "bundle.refusals");
      if (!refused.isEmpty()) {
        return "it may not run: " + refused;
      }
      List<String> missing = Missing.of(bundle, all.get(0).adapt(FrameworkWiring.class)).stream().map(Missing::words).toList();
      if (!missing.isEmpty()) {
        return String.join("; ", missing.subList(0, Math.min(REASONS_MAX, missing.size())))
            + (missing.size() > REASONS_MAX ? "; and " + (missing.size() - REASONS_MAX) + " more" : "");
      }
      return isFailed(bundle) ? "what it needs is there, but does not fit together; the log has the resolver's words" : "";
    }
    if (!isFailed(bundle)) {
      return "";
    }
    String line = failure(all.get(0).getBundleContext(), bundle.getBundleId(), "bundle.failures");
    return line.isEmpty() ? "it did not start; 'weft plugin why " + name(bundle) + "' has the reason" : "it did not start: " + line;
  }

  /** The launcher remembers what the framework forgets. */
  private static String failure(@Nullable BundleContext system, long id, String what) {
    try {
      if (system != null) {
        for (ServiceReference<?> reference : system.getServiceReferences(LongFunction.class, "(weft.provides=" + what + ")")) {
          if (system.getService(reference) instanceof LongFunction<?> failures) {
            return Text.clean(String.valueOf(failures.apply(id)));
          }
        }
      }
      return "";
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("a filter of our own is well-formed", e);
    }
  }
}
