package io.weft.shell;

import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.plugin.PluginChange;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One plugin that works, one that does not, one that was refused; a plan with everything in it. */
public final class FakeInstaller implements PluginInstaller {

  public final List<String> applied = new ArrayList<>();

  @Override
  public PluginPlan plan(PluginRequest request) throws PluginRefused {
    if (request.what().contains("/none.jar")) {
      throw new PluginRefused("cannot read /none.jar: no such file");
    }
    if (request.what().contains("/stranger.jar")) {
      throw new PluginRefused("it is signed by nobody", true);
    }
    boolean risky = request.what().contains("/risky.jar");
    return new PluginPlan(request.verb() + " acme.one 1.0.0 to 2.0.0",
        List.of(new PluginPlan.Move(PluginPlan.Kind.replace, "acme.one", "1.0.0", "2.0.0", "plugin:acme.one",
            Optional.of(Path.of("/acme.one.jar")), "00ff", "signed by acme", "the catalogue acme")),
        List.of(new PluginPlan.Wire("acme.one", "package io.weft.discovery [1.0.0,2.0.0)", "io.weft.api")),
        List.of(new PluginPlan.Restart(risky ? "io.weft.mesh" : "acme.user", "it is wired to package acme.lib of acme.one")),
        risky ? List.of("io.weft.mesh") : List.of(),
        List.of(new PluginPlan.Handover("io.weft.discovery.DiscoverySource", "acme.one", "acme.one", List.of("io.weft.directory"))),
        List.of(new PluginPlan.SettingChange("acme.one.file", false, "has no default: set it in weft.yaml")), List.of(), "basis");
  }

  @Override
  public PluginChange apply(PluginPlan plan, boolean force) throws PluginRefused {
    if (plan.mustBeForced() && !force) {
      throw new PluginRefused("it would restart what came with the node: " + String.join(", ", plan.core()), true);
    }
    applied.add(plan.summary());
    return history().get(0);
  }

  @Override
  public List<InstalledPlugin> installed() {
    return List.of(new InstalledPlugin("acme.one", "2.0.0", 50, "plugin", State.active, "", 0),
        new InstalledPlugin("acme.two", "1.0.0", 51, "deploy", State.quarantined, "it did not start: IllegalStateException: no file", 3),
        new InstalledPlugin("three.jar", "", InstalledPlugin.NO_BUNDLE, "deploy", State.failed, "acme.three may not run here: it is not signed", 1));
  }

  @Override
  public InstalledPlugin start(String name) throws PluginRefused {
    return installed().stream().filter(p -> p.name().equals(name)).findFirst()
        .orElseThrow(() -> new PluginRefused("no plugin '" + name + "' is installed; 'weft plugin list' lists all"));
  }

  @Override
  public List<PluginChange> history() {
    return List.of(new PluginChange(2, Instant.parse("2026-01-01T01:00:00Z"), "update acme.one 1.0.0 to 2.0.0", "on trial"),
        new PluginChange(1, Instant.parse("2026-01-01T00:00:00Z"), "install acme.one 1.0.0", "kept"));
  }
}
