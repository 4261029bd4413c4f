package io.weft.shell.noun;

import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginInstaller;
import io.weft.shell.frame.Services;
import io.weft.support.wiring.Missing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** From something that does not run to what it waits for, and what that waits for, until nothing is behind it any more. */
final class WhyChain {

  /**
   * @param depth how many steps from what was asked for
   * @param root whether nothing is behind it: this is what there is to do something about
   */
  record Link(int depth, String subject, String reason, boolean root) {}

  private static final int LINKS_MAX = 100;

  private final Services services;
  private final List<Bundle> bundles;
  private final List<Link> links = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  /** Components that are looked into, down to where the chain is now. */
  private final Set<String> path = new HashSet<>();
  /** Those of {@code seen} that something is wrong with. */
  private final Set<String> broken = new HashSet<>();

  private WhyChain(Services services) {
    this.services = services;
    this.bundles = services.bundles();
  }

  /** Empty if nothing is wrong with it. */
  static List<Link> of(Bundle bundle, Services services) {
    WhyChain chain = new WhyChain(services);
    chain.bundle(bundle, 0);
    return chain.links;
  }

  /** What keeps a service type from being provided, from its components and from bundles that announce it. */
  static List<Link> ofService(String type, Services services) {
    WhyChain chain = new WhyChain(services);
    chain.providers(type, 0);
    return chain.links;
  }

  private void add(int depth, String subject, String reason, boolean root) {
    if (links.size() < LINKS_MAX) {
      links.add(new Link(depth, subject, reason, root));
    }
  }

  private void bundle(Bundle bundle, int depth) {
    String name = BundleWords.name(bundle);
    if (!seen.add("bundle " + bundle.getBundleId())) {
      return;
    }
    if (bundle.getState() == Bundle.INSTALLED) {
      String reason = BundleWords.reason(bundle, bundles);
      if (reason.startsWith("it may not run")) {
        add(depth, name, reason, true);
        return;
      }
      List<Missing> missing = Missing.of(bundle, bundles.get(0).adapt(FrameworkWiring.class));
      for (Missing one : missing) {
        add(depth, name, one.words(), one.because().isEmpty());
        one.because().ifPresent(other -> bundle(other, depth + 1));
      }
      if (missing.isEmpty()) {
        add(depth, name, reason.isEmpty() ? "is not resolved; 'weft bundle start " + name + "' tries" : reason, true);
      }
    } else if (bundle.getState() == Bundle.ACTIVE || BundleWords.isFragment(bundle)) {
      services.find(ServiceComponentRuntime.class).ifPresent(runtime -> runtime.getComponentDescriptionDTOs(bundle).stream()
          .sorted(java.util.Comparator.comparing(d -> d.name)).forEach(component -> component(runtime, component, depth)));
    } else {
      add(depth, name, stopped(bundle), true);
    }
  }

  private String stopped(Bundle bundle) {
    Optional<InstalledPlugin> plugin = services.find(PluginInstaller.class).flatMap(installer -> installer.installed().stream()
        .filter(p -> p.bundleId() == bundle.getBundleId()).findFirst());
    String reason = plugin.map(InstalledPlugin::reason).filter(r -> !r.isEmpty()).orElseGet(() -> BundleWords.reason(bundle, bundles));
    if (!reason.isEmpty()) {
      return plugin.filter(p -> p.state() == InstalledPlugin.State.quarantined).map(p -> "is quarantined after " + p.failures()
          + " failures: ").orElse("") + reason;
    }
    return bundle.getState() == Bundle.STARTING ? "is still starting" : "is stopped; 'weft plugin start " + BundleWords.name(bundle)
        + "' starts it";
  }

  private static String key(ComponentDescriptionDTO component) {
    return "component " + component.bundle.id + " " + component.name;
  }

  private void component(ServiceComponentRuntime runtime, ComponentDescriptionDTO component, int depth) {
    String key = key(component);
    if (!seen.add(key)) {
      return;
    }
    int before = links.size();
    path.add(key);
    lookInto(runtime, component, depth);
    path.remove(key);
    if (links.size() > before) {
      broken.add(key);
    }
  }

  private void lookInto(ServiceComponentRuntime runtime, ComponentDescriptionDTO component, int depth) {
    String subject = "component " + component.name;
    if (!runtime.isComponentEnabled(component)) {
      add(depth, subject, "is disabled", true);
      return;
    }
    var configurations = runtime.getComponentConfigurationDTOs(component);
    if (configurations.isEmpty() && "require".equals(component.configurationPolicy)) {
      add(depth, subject, notConfigured(component), true);
    }
    for (ComponentConfigurationDTO configuration : configurations) {
      switch (configuration.state) {
        case ComponentConfigurationDTO.ACTIVE, ComponentConfigurationDTO.SATISFIED -> {
          // as it should be
        }
        case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> add(depth, subject, notConfigured(component), true);
        case ComponentConfigurationDTO.FAILED_ACTIVATION -> add(depth, subject, "failed: " + root(configuration.failure), true);
        default -> Arrays.stream(configuration.unsatisfiedReferences).forEach(r -> reference(component, r, depth));
      }
    }
  }

  private static String notConfigured(ComponentDescriptionDTO component) {
    return "needs configuration: section " + String.join(" or ", Arrays.stream(component.configurationPid)
        .map(pid -> "'" + (pid.startsWith("weft.") ? pid.substring("weft.".length()) : pid) + "'").toList()) + " of weft.yaml";
  }

  static String root(String trace) {
    if (trace == null) {
      return "the log has the reason";
    }
    List<String> causes = trace.lines().filter(line -> line.startsWith("Caused by: ")).toList();
    String last = causes.isEmpty() ? trace.lines().findFirst().orElse("") : causes.get(causes.size() - 1).substring("Caused by: ".length());
    return last.strip();
  }

  private void reference(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO unsatisfied, int depth) {
    String type = Arrays.stream(component.references).filter(r -> r.name.equals(unsatisfied.name)).map((ReferenceDTO r) -> r.interfaceName)
        .findFirst().orElse(unsatisfied.name);
    String target = unsatisfied.target == null ? "" : " with " + unsatisfied.target;
    String words = "waits for " + type + target;
    int here = links.size();
    add(depth, "component " + component.name, words, false);
    providers(type, depth + 1);
    if (links.size() == here + 1) { // it leads to nothing new
      boolean above = isAbove(type);
      links.set(here, new Link(depth, "component " + component.name, words + (above ? "; see above" : end(type)), !above));
    }
  }

  private boolean isAbove(String type) {
    return componentsOf(type).stream().anyMatch(component -> broken.contains(key(component))) || !announcing(type).isEmpty();
  }

  private String end(String type) {
    List<ComponentDescriptionDTO> components = componentsOf(type);
    if (components.stream().anyMatch(component -> path.contains(key(component)))) {
      return ", whose provider waits for this in turn";
    }
    return components.isEmpty() && !isRegistered(type) ? ", which nothing installed provides"
        : ", and none that is there fits: its properties differ, or the version of its package";
  }

  private boolean isRegistered(String type) {
    return bundles.stream().map(Bundle::getRegisteredServices).filter(Objects::nonNull).flatMap(Arrays::stream)
        .anyMatch(service -> Arrays.asList((String[]) service.getProperty(Constants.OBJECTCLASS)).contains(type));
  }

  private void providers(String type, int depth) {
    services.find(ServiceComponentRuntime.class)
        .ifPresent(runtime -> componentsOf(type).forEach(component -> component(runtime, component, depth)));
    announcing(type).forEach(bundle -> bundle(bundle, depth));
  }

  private List<ComponentDescriptionDTO> componentsOf(String type) {
    return services.find(ServiceComponentRuntime.class).map(runtime -> runtime.getComponentDescriptionDTOs().stream()
        .filter(component -> Arrays.asList(component.serviceInterfaces).contains(type)).toList()).orElse(List.of());
  }

  /** Bundles that do not run and say in their manifest that they would provide it. */
  private Set<Bundle> announcing(String type) {
    Set<Bundle> found = new LinkedHashSet<>();
    for (Bundle bundle : bundles) {
      BundleRevision revision = bundle.getState() == Bundle.ACTIVE ? null : bundle.adapt(BundleRevision.class);
      if (revision != null && revision.getDeclaredCapabilities("osgi.service").stream()
          .map(capability -> capability.getAttributes().get(Constants.OBJECTCLASS))
          .anyMatch(types -> types instanceof List<?> list ? list.contains(type) : type.equals(types))) {
        found.add(bundle);
      }
    }
    return found;
  }
}
