package io.weft.shell.noun;

import io.weft.shell.frame.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The state of a bundle in words, and what keeps it from a better one. */
public final class BundleWords {

  private static final int REASONS_MAX = 5;
  private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
  private static final Pattern FROM = Pattern.compile("\\(version>=([^)]+)\\)");
  private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

  private BundleWords() {}

  static String name(Bundle bundle) {
    return bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
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
      List<String> missing = missing(bundle, all.get(0).adapt(FrameworkWiring.class));
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
    return line.isEmpty() ? "it did not start; the log has the reason" : "it did not start: " + line;
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

  private static List<String> missing(Bundle bundle, FrameworkWiring wiring) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision == null) {
      return List.of(); // uninstalled meanwhile
    }
    List<String> reasons = new ArrayList<>();
    for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
      if (isMandatory(requirement)) {
        Collection<BundleCapability> providers = wiring.findProviders(requirement);
        if (providers.isEmpty()) {
          reasons.add(needs(requirement, wiring));
        } else if (providers.stream().allMatch(p -> p.getRevision().getBundle().getState() == Bundle.INSTALLED)) {
          Bundle provider = providers.iterator().next().getRevision().getBundle();
          if (!provider.equals(bundle)) {
            reasons.add("needs " + what(requirement) + " of " + name(provider) + ", which does not resolve either");
          }
        }
      }
    }
    return reasons;
  }

  private static boolean isMandatory(BundleRequirement requirement) {
    String effective = requirement.getDirectives().getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE);
    return effective.equals(Constants.EFFECTIVE_RESOLVE)
        && !Constants.RESOLUTION_OPTIONAL.equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE))
        && !"dynamic".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE));
  }

  private static String needs(BundleRequirement requirement, FrameworkWiring wiring) {
    String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    Matcher name = PACKAGE.matcher(filter);
    if (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE) || !name.find()) {
      return "needs " + what(requirement) + ", which nothing provides";
    }
    TreeSet<String> have = new TreeSet<>();
    for (BundleCapability capability : wiring.findProviders(anyVersion(requirement, name.group(1)))) {
      have.add(capability.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE) + " from "
          + name(capability.getRevision().getBundle()));
    }
    return "needs " + what(requirement) + ", "
        + (have.isEmpty() ? "which nothing exports" : "have " + String.join(" and ", have));
  }

  private static org.osgi.resource.Requirement anyVersion(BundleRequirement requirement, String packageName) {
    return new org.osgi.resource.Requirement() {
      @Override
      public String getNamespace() {
        return PackageNamespace.PACKAGE_NAMESPACE;
      }

      @Override
      public java.util.Map<String, String> getDirectives() {
        return java.util.Map.of(Constants.FILTER_DIRECTIVE, "(osgi.wiring.package=" + packageName + ")");
      }

      @Override
      public java.util.Map<String, Object> getAttributes() {
        return java.util.Map.of();
      }

      @Override
      public org.osgi.resource.Resource getResource() {
        return requirement.getResource();
      }
    };
  }

  /** {@code package io.foo [1.2,2)}, or the requirement as it is written. */
  private static String what(BundleRequirement requirement) {
    String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    Matcher name = PACKAGE.matcher(filter);
    if (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE) || !name.find()) {
      return requirement.getNamespace() + " " + filter;
    }
    Matcher below = BELOW.matcher(filter);
    String upper = below.find() ? below.group(1) : "";
    Matcher from = FROM.matcher(below.replaceAll(""));
    String lower = from.find() ? from.group(1) : "";
    String range = lower.isEmpty() ? "" : upper.isEmpty() ? " " + lower : " [" + lower + "," + upper + ")";
    return "package " + name.group(1) + range;
  }
}
