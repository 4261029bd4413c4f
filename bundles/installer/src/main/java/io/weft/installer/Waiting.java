package io.weft.installer;

import io.weft.support.wiring.Missing;
import io.weft.support.wiring.Need;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** Plugins that are there and could not be resolved so far: a change may bring what they wait for, and then they start. */
final class Waiting {

  private final List<Bundle> waiting;
  private final FrameworkWiring wiring;

  Waiting(BundleContext framework, RecordedState state) {
    this.wiring = framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    this.waiting = Arrays.stream(framework.getBundles()).filter(bundle -> bundle.getState() == Bundle.INSTALLED)
        .filter(bundle -> state.at(bundle.getLocation()).filter(entry -> entry.started() && entry.quarantine().isEmpty()).isPresent()).toList();
  }

  /** Those that a change lets start, and why. */
  Map<Bundle, String> thatStart(List<Target> targets) {
    List<Bundle> outgoing = Target.outgoing(targets);
    Map<Bundle, String> start = new LinkedHashMap<>();
    int before;
    do { // since one may wait for another
      before = start.size();
      for (Bundle bundle : waiting) {
        if (!outgoing.contains(bundle) && !start.containsKey(bundle)) {
          what(bundle, targets, outgoing, start).ifPresent(reason -> start.put(bundle, reason));
        }
      }
    } while (start.size() > before);
    return start;
  }

  /** Empty if something would still be missing, or nothing was. */
  private Optional<String> what(Bundle bundle, List<Target> targets, List<Bundle> outgoing, Map<Bundle, String> start) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    List<String> comes = new ArrayList<>();
    for (Need need : revision == null ? List.<Need>of() : revision.getDeclaredRequirements(null).stream()
        .filter(requirement -> Need.mandatory(requirement.getDirectives())).map(Need::of).toList()) {
      Map<Bundle, Boolean> there = new HashMap<>();
      need.providers(wiring).stream().map(capability -> capability.getRevision().getBundle())
          .filter(provider -> !outgoing.contains(provider))
          .forEach(provider -> there.put(provider, provider.equals(bundle) || provider.getState() != Bundle.INSTALLED));
      if (there.containsValue(true)) {
        continue;
      }
      Optional<String> from = Target.incoming(targets).stream().filter(facts -> facts.provides().meets(need)).map(JarFacts::name).findFirst()
          .or(() -> there.keySet().stream().filter(start::containsKey).map(Missing::name).findFirst());
      if (from.isEmpty()) {
        return Optional.empty();
      }
      comes.add(need.words() + " of " + from.get());
    }
    return comes.isEmpty() ? Optional.empty() : Optional.of("it waits for " + String.join(", ", comes) + ", and starts");
  }
}
