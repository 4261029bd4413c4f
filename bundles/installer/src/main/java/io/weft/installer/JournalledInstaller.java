package io.weft.installer;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.weft.node.Clock;
import io.weft.node.Health;
import io.weft.node.Settings;
import io.weft.node.Timers;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginChange;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginRequest;
import io.weft.plugin.PluginTrust;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Installs by way of the launcher's record: first the record says what should be there, then the framework is brought to it. Whenever the
 * process ends in between, the next start does the rest.
 */
@Component(name = "weft.installer", immediate = true)
@Designate(ocd = InstallerConfig.class)
public final class JournalledInstaller implements PluginInstaller, BundleListener, FrameworkListener {

  private final BundleContext framework;
  private final SetRecord record;
  private final Worker worker = new Worker("work");
  private final PluginStarts starts;
  private final Planner planner;
  private final Inventory inventory;
  private final Changes changes;
  private final @Nullable DeployFolder deploy;
  private volatile InstallerConfig config;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  volatile @Nullable Health health;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable Settings settings;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable ServiceComponentRuntime runtime;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  volatile @Nullable PluginTrust trust;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  volatile @Nullable PluginCatalog catalog;

  @Activate
  public JournalledInstaller(BundleContext context, InstallerConfig config, @Reference Clock clock, @Reference Timers timers,
      @Reference(target = "(weft.provides=bundle.record)", cardinality = OPTIONAL)
      @Nullable Function<Map<String, Object>, Map<String, Object>> launcher,
      @Reference(target = "(weft.provides=bundle.failures)", cardinality = OPTIONAL) @Nullable LongFunction<?> failures,
      @Reference(target = "(weft.provides=bundle.refusals)", cardinality = OPTIONAL) @Nullable LongFunction<?> refusals) {
    this.config = config;
    this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
    this.record = new SetRecord(launcher == null ? JournalledInstaller::none : launcher);
    this.starts = new PluginStarts(framework, record, timers, worker, () -> this.config);
    Components components = new Components(framework, () -> Optional.ofNullable(runtime));
    Path home = Path.of(String.valueOf(context.getProperty("weft.home")));
    CataloguedPlugins catalogs = new CataloguedPlugins(() -> Optional.ofNullable(catalog));
    Intake intake = new Intake(new Staging(home.resolve("data/staging/installer")), new Sources(catalogs), () -> Optional.ofNullable(trust));
    this.planner = new Planner(framework, intake, new Impact(framework, components, new ConfigImpact(() -> Optional.ofNullable(settings))),
        catalogs);
    this.changes = new Changes(framework, record, starts, new Steps(context), clock, timers, worker, () -> this.config,
        () -> Optional.ofNullable(health));
    this.deploy = launcher == null ? null : new DeployFolder(home, intake, planner, record, changes, this::trusted, timers);
    this.inventory = new Inventory(framework, starts, components, failures == null ? id -> "" : failures, refusals == null ? id -> "" : refusals,
        () -> deploy == null ? List.of() : deploy.notInstalled());
  }

  private String trusted() {
    PluginTrust current = trust;
    return current == null ? "" : current.unsignedAllowed() + " " + current.keys();
  }

  /** In a framework that somebody else than the launcher started, such as one for tests, there is no record, and nothing to install. */
  static Map<String, Object> none(Map<String, Object> request) {
    return request.get("do").equals("read") ? Map.of("bundles", List.of(), "previous", List.of(), "history", List.of(), "folder", "")
        : Map.of("error", "plugins cannot be changed here: this framework was not started by weft run");
  }

  /** Not in the constructor: the references in fields are set after it. */
  @Activate
  void open() {
    framework.addBundleListener(this);
    framework.addFrameworkListener(this);
    if (framework.getBundle().getState() == Bundle.ACTIVE) {
      worker.execute(this::begin);
    }
  }

  @Modified
  void configure(InstallerConfig changed) {
    config = changed;
  }

  /** When the node itself has started: plugins come after it, and not in its way. */
  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.STARTED) {
      worker.execute(this::begin);
    }
  }

  private void begin() {
    if (deploy != null) {
      deploy.takeNote();
    }
    starts.startAll();
    changes.resume();
    if (deploy != null) {
      deploy.open();
    }
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    switch (event.getType()) {
      case BundleEvent.INSTALLED, BundleEvent.UPDATED, BundleEvent.RESOLVED -> worker.execute(starts::tryUnresolved);
      default -> {
        // what goes helps nobody to start
      }
    }
  }

  @Deactivate
  void close() {
    framework.removeBundleListener(this);
    framework.removeFrameworkListener(this);
    if (deploy != null) {
      deploy.close();
    }
    changes.close();
    starts.close();
    worker.close();
  }

  @Override
  public PluginPlan plan(PluginRequest request) throws PluginRefused {
    return planner.plan(request, record.read());
  }

  @Override
  public PluginChange apply(PluginPlan plan, boolean force) throws PluginRefused {
    return changes.apply(plan, force);
  }

  @Override
  public List<InstalledPlugin> installed() {
    try {
      return inventory.of(record.read());
    } catch (PluginRefused e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public InstalledPlugin start(String name) throws PluginRefused {
    InstalledPlugin plugin = find(name);
    if (plugin.bundleId() == InstalledPlugin.NO_BUNDLE && deploy != null) {
      deploy.again();
    }
    Bundle bundle = framework.getBundle(plugin.bundleId());
    if (bundle != null) {
      starts.forgive(bundle.getLocation());
      starts.start(bundle).within(Changes.GRACE);
    }
    return find(name);
  }

  private InstalledPlugin find(String name) throws PluginRefused {
    return installed().stream().filter(plugin -> plugin.name().equals(name)).findFirst()
        .orElseThrow(() -> new PluginRefused("no plugin '" + name + "' is installed; 'weft plugin list' lists all"));
  }

  @Override
  public List<PluginChange> history() {
    try {
      return record.read().history();
    } catch (PluginRefused e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
