package io.weft.catalog;

import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.plugin.PluginKey;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginVerdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.metatype.annotations.Designate;

/** Tells the gate what weft.yaml says, and everybody else what the gate says. */
@Component(
    name = "weft.catalog.trust", configurationPid = "weft.plugins", immediate = true, service = {PluginTrust.class, HealthCheck.class})
@Designate(ocd = PluginsConfig.class)
public final class GatedTrust implements PluginTrust, HealthCheck {

  private static final String NAME = "plugins";

  private final Path home;
  private final Gate gate;

  @Activate
  public GatedTrust(BundleContext context, PluginsConfig config,
      @Reference(target = "(weft.provides=plugin.gate)", cardinality = ReferenceCardinality.OPTIONAL)
      @Nullable Function<Map<String, Object>, Map<String, Object>> gate) {
    this(Path.of(context.getProperty("weft.home")), config, new Gate(gate));
  }

  GatedTrust(Path home, PluginsConfig config, Gate gate) {
    this.home = home;
    this.gate = gate;
    modified(config);
  }

  /** Without a moment in which the node trusts anybody else. */
  @Modified
  void modified(PluginsConfig config) {
    gate.policy(Arrays.stream(config.trust()).map(folder -> home.resolve(folder).normalize()).toList(), config.unsigned().equals("allow"));
  }

  @Override
  public PluginVerdict check(Path jar) {
    return gate.check(jar);
  }

  @Override
  public PluginVerdict installed(long bundleId) {
    return gate.installed(bundleId);
  }

  @Override
  public List<PluginKey> keys() {
    return gate.keys().shown();
  }

  @Override
  public boolean unsignedAllowed() {
    return gate.keys().unsigned();
  }

  @Override
  public List<HealthResult> check() {
    Gate.Keys keys = gate.keys();
    List<HealthResult> results = new ArrayList<>();
    if (keys.unsigned()) {
      results.add(posture(HealthStatus.critical, "plugins run that nobody has signed; set plugins.unsigned: refuse"));
    }
    for (String problem : keys.problems()) {
      results.add(posture(keys.usable() ? HealthStatus.warn : HealthStatus.critical, problem));
    }
    if (results.isEmpty()) {
      results.add(posture(HealthStatus.ok, "only signed plugins run, by " + keys.trusted().size() + " trusted key"
          + (keys.trusted().size() == 1 ? "" : "s")));
    }
    return results;
  }

  private static HealthResult posture(HealthStatus status, String message) {
    return new HealthResult(NAME, HealthKind.posture, status, message);
  }
}
