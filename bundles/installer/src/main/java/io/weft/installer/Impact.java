package io.weft.installer;

import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginPlan.Handover;
import io.weft.plugin.PluginPlan.Kind;
import io.weft.plugin.PluginPlan.Restart;
import io.weft.plugin.PluginPlan.Wire;
import io.weft.support.wiring.Missing;
import io.weft.support.wiring.Need;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** What moving some bundles does to all the others, worked out without touching any. */
final class Impact {

  /** What the JDK has for all bundles alike says nothing about one. */
  private static final String EVERYBODYS = "package java.";

  private final BundleContext framework;
  private final Components components;
  private final ConfigImpact config;

  Impact(BundleContext framework, Components components, ConfigImpact config) {
    this.framework = framework;
    this.components = components;
    this.config = config;
  }

  /** @param hints what could be done about a need that is not met */
  PluginPlan of(String summary, List<Target> targets, RecordedState state, Map<Need, String> hints) {
    List<String> problems = new ArrayList<>();
    List<Wire> wires = wires(targets, problems, hints);
    Map<Bundle, String> restarts = restarts(targets);
    new Waiting(framework, state).thatStart(targets).forEach(restarts::putIfAbsent);
    left(targets, problems);
    List<Restart> named = restarts.entrySet().stream().map(e -> new Restart(Missing.name(e.getKey()), e.getValue())).toList();
    List<String> core = restarts.keySet().stream().filter(Planner::cameWithNode).map(Missing::name).sorted().toList();
    return new PluginPlan(summary, targets.stream().map(Target::move).toList(), wires, named, core,
        handovers(targets), config.of(targets), problems, state.basis());
  }

  private FrameworkWiring wiring() {
    return framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }

  /** What those that come will be wired to, as the resolver would choose: what is resolved already goes first. */
  private List<Wire> wires(List<Target> targets, List<String> problems, Map<Need, String> hints) {
    List<Wire> wires = new ArrayList<>();
    for (JarFacts facts : Target.incoming(targets)) {
      for (Need need : facts.needs()) {
        Optional<String> from = provider(need, targets);
        if (from.isEmpty()) {
          problems.add(facts.name() + " " + Missing.unmet(need, wiring()) + hints.getOrDefault(need, ""));
        }
        if (from.isEmpty() || !need.words().startsWith(EVERYBODYS)) {
          wires.add(new Wire(facts.name(), need.words(), from.orElse("")));
        }
      }
    }
    return wires;
  }

  /** The bundle that will meet a need after a change. */
  Optional<String> provider(Need need, List<Target> targets) {
    Collection<Bundle> outgoing = Target.outgoing(targets);
    List<Bundle> there = need.providers(wiring()).stream().map(capability -> capability.getRevision().getBundle())
        .filter(bundle -> !outgoing.contains(bundle)).toList();
    return there.stream().filter(bundle -> bundle.getState() != Bundle.INSTALLED).findFirst().map(Missing::name)
        .or(() -> Target.incoming(targets).stream().filter(facts -> facts.provides().meets(need)).findFirst().map(JarFacts::name))
        .or(() -> there.stream().findFirst().map(Missing::name));
  }

  /** Bundles that are wired anew or lose a component for a moment, and why; without those that move. */
  private Map<Bundle, String> restarts(List<Target> targets) {
    List<Bundle> outgoing = Target.outgoing(targets);
    Map<Bundle, String> restarts = new LinkedHashMap<>();
    hangingOn(outgoing).filter(bundle -> !outgoing.contains(bundle))
        .forEach(bundle -> restarts.put(bundle, "it is wired to " + wiredTo(bundle, outgoing)));
    for (JarFacts facts : Target.incoming(targets)) {
      List<Bundle> hosts = hosts(facts).filter(bundle -> !outgoing.contains(bundle)).toList();
      hosts.forEach(host -> restarts.put(host, facts.name() + " becomes a part of it"));
      hangingOn(hosts).filter(bundle -> !outgoing.contains(bundle))
          .forEach(bundle -> restarts.putIfAbsent(bundle, "it is wired to " + wiredTo(bundle, hosts)));
    }
    components.boundForGood(outgoing).forEach(restarts::putIfAbsent);
    return restarts;
  }

  /** Those that are wired to them, directly or not, and they themselves. */
  private Stream<Bundle> hangingOn(Collection<Bundle> bundles) {
    return wiring().getDependencyClosure(bundles).stream().filter(bundle -> bundle.getState() != Bundle.INSTALLED);
  }

  /** What it would become a part of, if it is a fragment. */
  private Stream<Bundle> hosts(JarFacts facts) {
    return facts.needs().stream().filter(need -> need.namespace().equals(HostNamespace.HOST_NAMESPACE))
        .flatMap(need -> need.providers(wiring()).stream()).map(capability -> capability.getRevision().getBundle());
  }

  private static String wiredTo(Bundle bundle, Collection<Bundle> outgoing) {
    TreeSet<String> names = new TreeSet<>();
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    if (wiring != null) {
      for (BundleWire wire : wiring.getRequiredWires(null)) {
        Bundle provider = wire.getProvider().getBundle();
        if (outgoing.contains(provider)) {
          names.add(Need.of(wire.getRequirement()).words() + " of " + Missing.name(provider));
        }
      }
    }
    return names.isEmpty() ? "a bundle that restarts" : String.join(", ", names);
  }

  /** Bundles that stay and would lose what they cannot be without. */
  private void left(List<Target> targets, List<String> problems) {
    List<Bundle> outgoing = Target.outgoing(targets);
    for (Bundle bundle : outgoing) {
      BundleWiring wiring = bundle.adapt(BundleWiring.class);
      if (wiring == null) {
        continue;
      }
      for (BundleWire wire : wiring.getProvidedWires(null)) {
        Bundle user = wire.getRequirer().getBundle();
        BundleRequirement requirement = wire.getRequirement();
        if (!outgoing.contains(user) && Need.mandatory(requirement.getDirectives())
            && provider(Need.of(requirement), targets).isEmpty()) {
          problems.add(Missing.name(user) + " would not run any more: it needs " + Need.of(requirement).words() + " of "
              + Missing.name(bundle));
        }
      }
    }
  }

  private List<Handover> handovers(List<Target> targets) {
    Map<String, Handover> handovers = new TreeMap<>();
    for (Bundle bundle : Target.outgoing(targets)) {
      ServiceReference<?>[] services = bundle.getRegisteredServices();
      for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
        for (String type : (String[]) service.getProperty(Constants.OBJECTCLASS)) {
          handovers.put(type, new Handover(type, Missing.name(bundle), stays(bundle, type, targets) ? Missing.name(bundle) : "", users(service)));
        }
      }
    }
    for (JarFacts facts : Target.incoming(targets.stream().filter(target -> target.entry().filter(RecordedBundle::started).isPresent()).toList())) {
      for (String type : facts.services()) {
        Handover before = handovers.get(type);
        handovers.put(type, before == null ? new Handover(type, "", facts.name(), List.of())
            : new Handover(type, before.from(), facts.name(), before.users()));
      }
    }
    return List.copyOf(handovers.values());
  }

  /** What a bundle registers without having announced it, its next version will register as well. */
  private static boolean stays(Bundle bundle, String type, List<Target> targets) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    boolean announced = revision != null && revision.getDeclaredCapabilities("osgi.service").stream()
        .anyMatch(capability -> capability.getAttributes().get(Constants.OBJECTCLASS) instanceof List<?> types && types.contains(type));
    return !announced && targets.stream().anyMatch(target -> target.kind() == Kind.replace && target.bundle().filter(bundle::equals).isPresent());
  }

  private static List<String> users(ServiceReference<?> service) {
    Bundle[] users = service.getUsingBundles();
    return users == null ? List.of() : Arrays.stream(users).map(Missing::name).distinct().sorted().toList();
  }
}
