package io.weft.launcher.trust;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * One run of the framework's resolver, in which what may not run gets nothing that it needs and gives nothing to others. Taking it out of the
 * list of what can be resolved would be simpler; but as soon as anything is taken out of that list, Felix 7 leaves out of account all that is
 * resolved already, and nobody else finds the packages of the framework any more. So that is done only where nobody else is concerned.
 */
final class GatedResolve implements ResolverHook {

  private final Collection<BundleRevision> triggers;
  private final Predicate<BundleRevision> mayRun;

  GatedResolve(Collection<BundleRevision> triggers, Predicate<BundleRevision> mayRun) {
    this.triggers = List.copyOf(triggers);
    this.mayRun = mayRun;
  }

  @Override
  public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
    if (!mayRun.test(requirement.getRevision())) {
      candidates.clear();
    } else {
      candidates.removeIf(candidate -> !mayRun.test(candidate.getRevision()));
    }
  }

  @Override
  public void filterResolvable(Collection<BundleRevision> candidates) {
    List<BundleRevision> refused = triggers.stream().filter(trigger -> !mayRun.test(trigger)).toList();
    if (refused.isEmpty()) {
      return;
    }
    boolean alone = refused.size() == triggers.size();
    candidates.removeIf(candidate -> refused.contains(candidate) && (alone || needsNothing(candidate)));
  }

  /** Such a bundle does not notice that it is given nothing. */
  private static boolean needsNothing(BundleRevision revision) {
    return revision.getDeclaredRequirements(null).stream()
        .allMatch(requirement -> Constants.RESOLUTION_OPTIONAL.equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE)));
  }

  @Override
  public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> candidates) {
    // What may not run is in nobody's way; it never gets as far as being the one that is taken.
    candidates.removeIf(candidate -> !mayRun.test(candidate.getRevision()));
  }

  @Override
  public void end() {
    // nothing is kept from one run to the next
  }
}
