package io.weft.installer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

/** What the component runtime knows. */
final class Components {

  private static final String STATIC = "static";

  private final BundleContext framework;
  private final Supplier<Optional<ServiceComponentRuntime>> runtime;

  Components(BundleContext framework, Supplier<Optional<ServiceComponentRuntime>> runtime) {
    this.framework = framework;
    this.runtime = runtime;
  }

  /** Bundles with a component that is made anew when services of {@code outgoing} go, because it refers to them statically. */
  Map<Bundle, String> boundForGood(Collection<Bundle> outgoing) {
    Map<Bundle, String> bound = new LinkedHashMap<>();
    Optional<ServiceComponentRuntime> known = runtime.get();
    if (known.isEmpty()) {
      return bound;
    }
    List<Long> ids = outgoing.stream().map(Bundle::getBundleId).toList();
    for (ComponentDescriptionDTO description : known.get().getComponentDescriptionDTOs()) {
      Bundle bundle = framework.getBundle(description.bundle.id);
      if (bundle == null || outgoing.contains(bundle)) {
        continue;
      }
      List<String> statics = Arrays.stream(description.references).filter(r -> STATIC.equals(r.policy)).map(r -> r.name).toList();
      for (ComponentConfigurationDTO configuration : known.get().getComponentConfigurationDTOs(description)) {
        for (SatisfiedReferenceDTO reference : configuration.satisfiedReferences) {
          if (statics.contains(reference.name) && from(reference, ids)) {
            bound.put(bundle, "its component " + description.name + " is bound to a service that goes");
          }
        }
      }
    }
    return bound;
  }

  private static boolean from(SatisfiedReferenceDTO reference, List<Long> ids) {
    return Arrays.stream(reference.boundServices).map((ServiceReferenceDTO service) -> service.bundle).anyMatch(ids::contains);
  }

  /** Why components of a bundle failed, in words; empty if none did. */
  String failures(Bundle bundle) {
    List<String> failures = new ArrayList<>();
    runtime.get().ifPresent(known -> {
      for (ComponentDescriptionDTO description : known.getComponentDescriptionDTOs(bundle)) {
        for (ComponentConfigurationDTO configuration : known.getComponentConfigurationDTOs(description)) {
          if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
            String failure = configuration.failure == null ? "the log has the reason" : root(configuration.failure);
            failures.add("component " + description.name + " did not start: " + failure);
          }
        }
      }
    });
    return String.join("; ", failures);
  }

  /** The deepest cause in a stack trace, which is what its author meant. */
  private static String root(String trace) {
    String line = trace.lines().findFirst().orElse("");
    for (String candidate : trace.lines().toList()) {
      if (candidate.startsWith("Caused by: ")) {
        line = candidate.substring("Caused by: ".length());
      }
    }
    return line.strip();
  }

}
