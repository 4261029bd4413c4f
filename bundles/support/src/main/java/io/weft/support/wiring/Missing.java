package io.weft.support.wiring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * One thing that keeps a bundle from being resolved.
 *
 * @param words a sentence part: {@code needs package io.foo [1.2,2), have 1.1 from io.bar}
 * @param because the bundle that would provide it but does not resolve either, if that is so
 */
public record Missing(String words, Optional<Bundle> because) {

  /** All that is missing for a bundle. */
  public static List<Missing> of(Bundle bundle, FrameworkWiring wiring) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision == null) {
      return List.of(); // uninstalled meanwhile
    }
    List<Missing> missing = new ArrayList<>();
    for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
      if (!Need.mandatory(requirement.getDirectives())) {
        continue;
      }
      Need need = Need.of(requirement);
      Collection<BundleCapability> providers = need.providers(wiring);
      if (providers.isEmpty()) {
        missing.add(new Missing(unmet(need, wiring), Optional.empty()));
      } else if (providers.stream().allMatch(p -> p.getRevision().getBundle().getState() == Bundle.INSTALLED)) {
        Bundle provider = providers.iterator().next().getRevision().getBundle();
        if (!provider.equals(bundle)) {
          missing.add(new Missing("needs " + need.words() + " of " + name(provider) + ", which does not resolve either",
              Optional.of(provider)));
        }
      }
    }
    return missing;
  }

  /** What to say of a need that nobody meets. */
  public static String unmet(Need need, FrameworkWiring wiring) {
    if (!need.isPackage()) {
      return "needs " + need.words() + ", which nothing provides";
    }
    TreeSet<String> have = new TreeSet<>();
    for (BundleCapability capability : wiring.findProviders(need.anyVersion())) {
      have.add(capability.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE) + " from "
          + name(capability.getRevision().getBundle()));
    }
    return "needs " + need.words() + ", " + (have.isEmpty() ? "which nothing exports" : "have " + String.join(" and ", have));
  }

  /** Its symbolic name, or where it came from. */
  public static String name(Bundle bundle) {
    return bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
  }
}
