package io.weft.shell;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.weft.billing.Billing;
import io.weft.billing.Drills;
import io.weft.channel.AccessRules;
import io.weft.channel.Fabric;
import io.weft.channel.Forwards;
import io.weft.coordination.Jobs;
import io.weft.coordination.Leases;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsMembers;
import io.weft.directory.PeerDirectory;
import io.weft.link.Links;
import io.weft.node.Clock;
import io.weft.node.Examination;
import io.weft.node.Health;
import io.weft.node.ListenerSource;
import io.weft.node.LogLevels;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Settings;
import io.weft.path.PathReports;
import io.weft.plugin.NodeFeatures;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginTrust;
import io.weft.relay.RelayServer;
import io.weft.secret.Secrets;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Owners;
import io.weft.shell.frame.Services;
import io.weft.shell.noun.BundleWords;
import io.weft.signaling.SignalBroker;
import io.weft.signaling.Signaling;
import io.weft.store.Failover;
import io.weft.store.Migrations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Registers every command with Gogo and lends them the services of the node. All of these are optional: a command that misses one
 * says which part is not running, and the others work.
 */
@Component(name = "weft.shell", immediate = true, service = {})
public final class ShellComponent implements Services {

  private final BundleContext context;
  // Of the framework: it outlives this bundle, and so serves the very command that updates it.
  private final BundleContext framework;
  private final Set<Runnable> onStop = ConcurrentHashMap.newKeySet();
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
  private final Map<String, Command> commands;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Clock clock;

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ListenerSource> listenerSources = List.of();

  // Not the services themselves: nobody needs them before somebody calls the doctor.
  @Reference(service = Examination.class, policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ComponentServiceObjects<Examination>> examinations = List.of();

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Node node;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Settings settings;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Health health;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable LogLevels logLevels;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Secrets secrets;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Links links;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Fabric fabric;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable AccessRules accessRules;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable PeerDirectory peerDirectory;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Forwards forwards;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable PathReports pathReports;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable RelayServer relayServer;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Signaling signaling;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable SignalBroker signalBroker;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Leases leases;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Jobs jobs;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Migrations migrations;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Failover failover;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Billing billing;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Drills drills;

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<Dcs> stores = List.of();

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable DcsMembers dcsMembers;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable PluginInstaller pluginInstaller;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable NodeFeatures nodeFeatures;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable PluginTrust pluginTrust;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable PluginCatalog pluginCatalog;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable ServiceComponentRuntime components;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable CommandProcessor processor;

  @Activate
  public ShellComponent(BundleContext context) {
    this.context = context;
    this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
    this.commands = AllCommands.of(this);
  }

  /** Not in the constructor: the references in fields are set after it. */
  @Activate
  void register() {
    commands.values().forEach(c -> register(c.spec().scope(), c.spec().function(), c));
  }

  private void register(String scope, String function, Function command) {
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put(CommandProcessor.COMMAND_SCOPE, scope);
    properties.put(CommandProcessor.COMMAND_FUNCTION, function);
    registrations.add(context.registerService(Function.class, command, properties));
  }

  @Deactivate
  void unregister() {
    registrations.forEach(ServiceRegistration::unregister);
    registrations.clear();
    onStop.forEach(Runnable::run);
  }

  @Override
  public <T> Optional<T> find(Class<T> type) {
    return Stream.of(node, settings, health, logLevels, secrets, links, fabric, accessRules, peerDirectory, forwards,
            pathReports, relayServer, signaling, signalBroker, leases, jobs, migrations, failover, billing, drills, dcsMembers,
            pluginInstaller, nodeFeatures, pluginTrust, pluginCatalog, components, processor)
        .filter(type::isInstance).map(type::cast).findFirst();
  }

  @Override
  public String whyMissing(Class<?> type) {
    String name = Owners.bundle(type);
    if (name.isEmpty()) {
      return "none is installed and configured";
    }
    return Arrays.stream(framework.getBundles()).filter(b -> name.equals(b.getSymbolicName())).findFirst()
        .map(b -> "bundle " + name + " is " + (b.getState() == Bundle.RESOLVED ? "stopped" : BundleWords.state(b)) + why(b))
        .orElse("bundle " + name + " is not installed");
  }

  private String why(Bundle bundle) {
    if (bundle.getState() == Bundle.ACTIVE) {
      return ", but a component of it is not: see 'weft component list --waiting'";
    }
    String reason = BundleWords.reason(bundle, bundles());
    return reason.isEmpty() ? "" : ": " + reason;
  }

  @Override
  public List<Dcs> stores() {
    return List.copyOf(stores);
  }

  @Override
  public List<ListenerSource> listenerSources() {
    return listenerSources;
  }

  @Override
  public List<Examination> examinations() {
    return examinations.stream().map(ComponentServiceObjects::getService).filter(Objects::nonNull).toList();
  }

  @Override
  public List<Bundle> bundles() {
    return Arrays.stream(framework.getBundles()).sorted(Comparator.comparingLong(Bundle::getBundleId)).toList();
  }

  @Override
  public Map<String, Command> commands() {
    return commands;
  }

  @Override
  public Registration onStop(Runnable task) {
    onStop.add(task);
    return () -> onStop.remove(task);
  }

  @Override
  public Instant now() {
    Clock current = clock;
    return current == null ? Instant.now() : current.now();
  }
}
