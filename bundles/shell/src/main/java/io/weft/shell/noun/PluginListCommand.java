package io.weft.shell.noun;

import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginTrust;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.felix.service.command.CommandProcessor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** {@code plugin:list}: what operators added, with all that an operator asks of it. */
public final class PluginListCommand {

  /** What a service of that type makes of a plugin. */
  private static final Map<String, String> KINDS = Map.of(
      "io.weft.transport.Transport", "transport", "io.weft.path.PathSource", "path", "io.weft.discovery.DiscoverySource", "discovery",
      "io.weft.secret.SecretSource", "secret", "io.weft.dcs.Dcs", "dcs", "io.weft.coordination.Job", "job",
      "io.weft.node.HealthCheck", "health");

  private record Row(InstalledPlugin plugin, List<String> kinds, String signer, List<String> services, List<String> commands,
      List<String> configuration) {}

  private PluginListCommand() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, PluginListCommand::list, Spec.of("plugin", "list", "List what was added to this node, and how it is doing")
            .describe("What came with the node is in 'bundle list'. A plugin that failed stays listed, with its reason;",
                "'plugin why' has the whole chain.")
            .optional("TEXT", "only plugins whose name contains this", PluginViews.NAMES)
            .flag("--failed", "Only plugins that should run and do not.")
            .example("weft plugin list", "state, signer, services, commands and configuration of each")
            .example("weft plugin list --failed", "what is broken?")));
  }

  /** {@code {"plugins": [{"name", "version", "bundle", "origin", "state", "reason", ..., "services", "commands", "configuration"}]}}. */
  private static void list(Invocation in) {
    String text = in.optional(0).orElse("").toLowerCase(Locale.ROOT);
    List<Row> rows = in.services().need(PluginInstaller.class).installed().stream()
        .filter(p -> p.name().toLowerCase(Locale.ROOT).contains(text))
        .filter(p -> !in.flag("--failed") || PluginViews.isBroken(p)).map(p -> row(in, p)).toList();
    if (in.json()) {
      in.printJson(Map.of("plugins", rows.stream().map(PluginListCommand::json).toList()));
      return;
    }
    Table table = new Table().left("PLUGIN").left("VERSION").left("KIND").left("STATE").left("SIGNER").left("SERVICES").left("COMMANDS")
        .left("CONFIGURATION").left("REASON");
    for (Row r : rows) {
      table.row(Cell.bold(r.plugin.name()), r.plugin.version(), words(r.kinds), PluginViews.state(r.plugin.state()), r.signer,
          words(r.services.stream().map(s -> s.substring(s.lastIndexOf('.') + 1)).toList()), words(r.commands), words(r.configuration),
          r.plugin.reason());
    }
    in.out().table(table, in.flag("--failed") ? "no plugin has failed" : "nothing was added to this node");
  }

  private static Row row(Invocation in, InstalledPlugin plugin) {
    TreeSet<String> kinds = new TreeSet<>();
    TreeSet<String> services = new TreeSet<>();
    TreeSet<String> commands = new TreeSet<>();
    TreeSet<String> configuration = new TreeSet<>();
    in.services().bundles().stream().filter(b -> b.getBundleId() == plugin.bundleId()).findFirst().ifPresent(bundle -> {
      ServiceReference<?>[] registered = bundle.getRegisteredServices();
      for (ServiceReference<?> reference : registered == null ? new ServiceReference<?>[0] : registered) {
        for (String type : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
          services.add(type);
          kinds.add(KINDS.getOrDefault(type, ""));
        }
        commands(reference).forEach(commands::add);
      }
      in.services().find(ServiceComponentRuntime.class).ifPresent(runtime -> {
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
          Arrays.stream(component.serviceInterfaces).forEach(type -> kinds.add(KINDS.getOrDefault(type, "")));
          configuration.addAll(section(component));
        }
      });
    });
    if (!commands.isEmpty()) {
      kinds.add("command");
    }
    kinds.remove("");
    String signer = in.services().find(PluginTrust.class).map(trust -> trust.installed(plugin.bundleId()).signer()).orElse("");
    return new Row(plugin, List.copyOf(kinds), signer, List.copyOf(services), List.copyOf(commands), List.copyOf(configuration));
  }

  private static List<String> section(ComponentDescriptionDTO component) {
    return "ignore".equals(component.configurationPolicy) ? List.of()
        : Arrays.stream(component.configurationPid).map(pid -> pid.startsWith("weft.") ? pid.substring("weft.".length()) : pid).toList();
  }

  private static List<String> commands(ServiceReference<?> reference) {
    Object scope = reference.getProperty(CommandProcessor.COMMAND_SCOPE);
    Object function = reference.getProperty(CommandProcessor.COMMAND_FUNCTION);
    if (scope == null || function == null) {
      return List.of();
    }
    return function instanceof Object[] many ? Arrays.stream(many).map(f -> scope + ":" + f).toList() : List.of(scope + ":" + function);
  }

  private static Map<String, @Nullable Object> json(Row row) {
    Map<String, @Nullable Object> map = PluginViews.json(row.plugin);
    map.put("kinds", row.kinds);
    map.put("signer", row.signer);
    map.put("services", row.services);
    map.put("commands", row.commands);
    map.put("configuration", row.configuration);
    return map;
  }

  private static String words(List<String> words) {
    return words.isEmpty() ? "-" : String.join(", ", words);
  }
}
