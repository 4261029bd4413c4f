package io.weft.installer;

import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginPlan.Handover;
import io.weft.plugin.PluginPlan.Kind;
import io.weft.plugin.PluginPlan.Move;
import io.weft.plugin.PluginPlan.Restart;
import io.weft.plugin.PluginPlan.Wire;
import io.weft.support.wiring.Missing;
import io.weft.support.wiring.Need;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** Writes down what a framework does while a plan is followed, in the words of a plan. */
final class Witness implements SynchronousBundleListener, AllServiceListener, AutoCloseable {

  private record Happened(String bundle, int type) {}

  private record Service(String type, String bundle, boolean comes) {}

  private final BundleContext framework;
  private final List<Happened> bundles = new CopyOnWriteArrayList<>();
  private final List<Service> services = new CopyOnWriteArrayList<>();

  Witness(BundleContext framework) {
    this.framework = framework;
    framework.addBundleListener(this);
    framework.addServiceListener(this);
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    bundles.add(new Happened(Missing.name(event.getBundle()), event.getType()));
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    String bundle = Missing.name(event.getServiceReference().getBundle());
    for (String type : (String[]) event.getServiceReference().getProperty(Constants.OBJECTCLASS)) {
      if (event.getType() == ServiceEvent.REGISTERED || event.getType() == ServiceEvent.UNREGISTERING) {
        services.add(new Service(type, bundle, event.getType() == ServiceEvent.REGISTERED));
      }
    }
  }

  private Set<String> whoDid(int... types) {
    return bundles.stream().filter(h -> Arrays.stream(types).anyMatch(t -> t == h.type)).map(Happened::bundle)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** In the form {@code add acme.one}. */
  Set<String> moved() {
    Set<String> moved = new TreeSet<>();
    whoDid(BundleEvent.INSTALLED).forEach(name -> moved.add(Kind.add + " " + name));
    whoDid(BundleEvent.UPDATED).forEach(name -> moved.add(Kind.replace + " " + name));
    whoDid(BundleEvent.UNINSTALLED).forEach(name -> moved.add(Kind.remove + " " + name));
    return moved;
  }

  static Set<String> moved(PluginPlan plan) {
    return plan.moves().stream().map(move -> move.kind() + " " + move.name()).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whatever else was wired anew, stopped or started, or registered a service anew. */
  Set<String> disturbed(PluginPlan plan) {
    Set<String> disturbed = new TreeSet<>(whoDid(BundleEvent.UNRESOLVED, BundleEvent.RESOLVED, BundleEvent.STOPPING, BundleEvent.STOPPED,
        BundleEvent.STARTING, BundleEvent.STARTED));
    services.forEach(service -> disturbed.add(service.bundle));
    plan.moves().stream().map(Move::name).forEach(disturbed::remove);
    return disturbed;
  }

  static Set<String> disturbedBy(PluginPlan plan) {
    return plan.restarts().stream().map(Restart::bundle).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of the bundles that moved, in the form {@code acme.Type acme.one>acme.two}. */
  Set<String> handedOver(PluginPlan plan) {
    Set<String> moving = plan.moves().stream().map(Move::name).collect(Collectors.toSet());
    Map<String, String> from = new TreeMap<>();
    Map<String, String> to = new TreeMap<>();
    services.stream().filter(service -> moving.contains(service.bundle))
        .forEach(service -> (service.comes ? to : from).put(service.type, service.bundle));
    Set<String> types = new TreeSet<>(from.keySet());
    types.addAll(to.keySet());
    return types.stream().map(type -> type + " " + from.getOrDefault(type, "") + ">" + to.getOrDefault(type, ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Set<String> handedOverBy(PluginPlan plan) {
    return plan.handovers().stream().map((Handover h) -> h.service() + " " + h.from() + ">" + h.to())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What those that moved are wired to now, apart from Java itself. */
  Set<Wire> wired(PluginPlan plan) {
    Set<String> moving = plan.moves().stream().map(Move::name).collect(Collectors.toSet());
    Set<Wire> wires = new java.util.HashSet<>();
    for (Bundle bundle : framework.getBundles()) {
      BundleWiring wiring = bundle.adapt(BundleWiring.class);
      if (moving.contains(Missing.name(bundle)) && wiring != null) {
        for (BundleWire wire : wiring.getRequiredWires(null)) {
          String words = Need.of(wire.getRequirement()).words();
          if (!words.startsWith("package java.")) {
            wires.add(new Wire(Missing.name(bundle), words, Missing.name(wire.getProvider().getBundle())));
          }
        }
      }
    }
    return wires;
  }

  @Override
  public void close() {
    framework.removeBundleListener(this);
    framework.removeServiceListener(this);
  }
}
