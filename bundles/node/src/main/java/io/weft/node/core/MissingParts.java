package io.weft.node.core;

import io.weft.support.wiring.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * What should be there and is not: bundles that were to start, components that wait or failed, configurations that nobody took.
 */
final class MissingParts {

  private static final String OURS = "weft.";

  private final BundleContext context;
  private final ServiceComponentRuntime components;

  MissingParts(BundleContext context, ServiceComponentRuntime components) {
    this.context = context;
    this.components = components;
  }

  /** One phrase each; empty if everything is there. */
  List<String> find(Set<String> configured) {
    List<String> missing = new ArrayList<>();
    if (context.getBundle(0).getState() != Bundle.ACTIVE) {
      missing.add("the framework is starting");
    }
    for (Bundle bundle : context.getBundles()) {
      if (!isPlugin(bundle) && shouldRun(bundle) && !isRefused(bundle)) {
        missing.add("bundle " + bundle.getSymbolicName() + " did not start");
      }
    }
    Set<String> taken = new HashSet<>();
    for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
      components.getComponentConfigurationDTOs(description).forEach(c -> look(description, c, configured, taken, missing));
    }
    configured.stream().filter(pid -> !taken.contains(pid)).sorted()
        .forEach(pid -> missing.add("nobody takes the configuration of " + pid));
    return missing;
  }

  /** The installer looks after its start, and a bad one is not to hold up the node. */
  private static boolean isPlugin(Bundle bundle) {
    Origin origin = Origin.of(bundle);
    return origin == Origin.plugin || origin == Origin.deploy;
  }

  private static boolean shouldRun(Bundle bundle) {
    if (bundle.getState() == Bundle.ACTIVE || bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
      return false;
    }
    BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
    boolean lazy = level.isActivationPolicyUsed() && bundle.getState() == Bundle.STARTING;
    return level.isPersistentlyStarted() && !lazy;
  }

  /** The launcher does not let it run: nothing that could change by waiting. Bundle:list and the log say why. */
  private boolean isRefused(Bundle bundle) {
    try {
      return context.getServiceReferences(LongFunction.class, "(weft.provides=bundle.refusals)").stream().map(context::getService)
          .anyMatch(refusals -> refusals != null && !"".equals(refusals.apply(bundle.getBundleId())));
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("a filter of our own is well-formed", e);
    }
  }

  private void look(
      ComponentDescriptionDTO description,
      ComponentConfigurationDTO component,
      Set<String> configured,
      Set<String> taken,
      List<String> missing) {
    Collection<String> pids = pids(component);
    taken.addAll(pids);
    boolean wanted = pids.stream().anyMatch(configured::contains);
    boolean unconfigured = component.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION;
    if (!wanted && (unconfigured || !description.name.startsWith(OURS) || isPlugins(description))) {
      return;
    }
    switch (component.state) {
      case ComponentConfigurationDTO.ACTIVE, ComponentConfigurationDTO.SATISFIED -> { }
      case ComponentConfigurationDTO.FAILED_ACTIVATION ->
          missing.add(description.name + " failed: " + firstLine(component.failure));
      case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
        String needs = Arrays.stream(component.unsatisfiedReferences).map(r -> r.name).sorted().collect(Collectors.joining(", "));
        missing.add(description.name + " waits for " + needs);
      }
      default -> missing.add(description.name + " waits for its configuration");
    }
  }

  /** A stranger may give a component a name like ours. */
  private boolean isPlugins(ComponentDescriptionDTO description) {
    Bundle bundle = context.getBundle(description.bundle.id);
    return bundle != null && isPlugin(bundle);
  }

  private static Collection<String> pids(ComponentConfigurationDTO component) {
    Object pid = component.properties.get(Constants.SERVICE_PID);
    if (pid instanceof Collection<?> many) {
      return many.stream().map(Object::toString).toList();
    }
    if (pid instanceof String[] many) {
      return List.of(many);
    }
    return pid == null ? List.of() : List.of(pid.toString());
  }

  private static String firstLine(String failure) {
    return failure == null ? "see the log" : failure.lines().findFirst().orElse("see the log");
  }
}
