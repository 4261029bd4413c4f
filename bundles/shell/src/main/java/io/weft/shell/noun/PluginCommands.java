package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.plugin.PluginChange;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginRequest;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code plugin:*}, as far as they change what is installed. */
public final class PluginCommands {

  private static final String FORCE = "--force";
  private static final String SOURCE = "the whole path of a jar, a URL, or NAME or NAME@VERSION of a catalogue";

  private PluginCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, in -> change(in, Verb.install), changing("install", "Install plugins and start them")
            .many("SOURCE", SOURCE, Values.SOURCES)
            .example("weft plugin install acme.discovery", "what would it do? The newest that may run, and what it needs, from the catalogues")
            .example("weft plugin install acme.discovery@1.0.0 --yes", "install that version")
            .example("weft plugin install /srv/plugins/acme.discovery-1.0.0.jar --yes", "install a file")),
        new Command(services, in -> change(in, Verb.update), changing("update", "Replace plugins by other versions")
            .many("SOURCE", SOURCE, Values.SOURCES)
            .example("weft plugin update acme.discovery", "is there a newer one in the catalogues, and what would it do?")
            .example("weft plugin update /srv/plugins/acme.discovery-1.1.0.jar --yes", "links, channels and forwards stay up")),
        new Command(services, in -> change(in, Verb.remove), changing("remove", "Remove plugins")
            .many("PLUGIN", "name of the plugin", PluginViews.NAMES)
            .example("weft plugin remove acme.discovery --yes", "it can be had back with 'weft plugin rollback'")),
        new Command(services, in -> change(in, Verb.rollback), changing("rollback", "Go back to the plugins before the latest change")
            .example("weft plugin rollback", "which plugins would change?")
            .example("weft plugin rollback --yes", "change them; once more comes forward again")),
        new Command(services, PluginCommands::history, Spec.of("plugin", "history", "List the changes of plugins and what became of them")
            .example("weft plugin history", "who comes back by itself says why")),
        new Command(services, PluginCommands::start, Spec.of("plugin", "start", "Start a plugin that is stopped, failed or quarantined")
            .describe("Lifts its quarantine and forgets its failures.")
            .argument("PLUGIN", "name of the plugin", PluginViews.NAMES)
            .example("weft plugin start acme.discovery", "after its reason was seen to")));
  }

  private static Spec changing(String verb, String summary) {
    return Spec.of("plugin", verb, summary)
        .describe("Shows the plan: bundles in and out, what they are wired to, what restarts, which services change hands, which",
            "configuration is new or lost. What is done is done as a whole or not at all, also if the node is killed on the way, and",
            "is taken back by itself unless the node stays well for a while (weft.yaml, section 'installer').")
        .flag(Spec.YES, "Do it. Without this option the command only says what it would do.")
        .flag(FORCE, "With --yes: also if the plan has problems, or restarts what came with the node.");
  }

  /** {@code {"plan": {...}, "dry_run", "change": {...} or null}}. */
  private static void change(Invocation in, Verb verb) {
    PluginInstaller installer = in.services().need(PluginInstaller.class);
    try {
      PluginPlan plan = installer.plan(new PluginRequest(verb, in.arguments()));
      if (!in.json()) {
        PluginViews.print(in, plan);
      }
      Optional<PluginChange> change = in.yes() ? Optional.of(installer.apply(plan, in.flag(FORCE))) : Optional.empty();
      if (in.json()) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("plan", PluginViews.json(plan));
        json.put("dry_run", !in.yes());
        json.put("change", change.map(PluginViews::json).orElse(null));
        in.printJson(json);
      } else if (change.isPresent()) {
        done(in, installer, plan, change.get());
      } else {
        in.out().line(Cell.dim("nothing was done; add --yes to do it" + (plan.mustBeForced() ? ", and --force because of the above" : "")));
      }
    } catch (PluginRefused e) {
      throw failure(e);
    }
  }

  private static void done(Invocation in, PluginInstaller installer, PluginPlan plan, PluginChange change) {
    in.out().line();
    in.out().line("change " + change.id() + " is ", Cell.good(change.outcome()));
    List<String> names = plan.moves().stream().map(PluginPlan.Move::name).toList();
    for (InstalledPlugin plugin : installer.installed()) {
      if (names.contains(plugin.name())) {
        in.out().line(Cell.bold(plugin.name()), " " + plugin.version() + " is ", PluginViews.state(plugin.state()),
            plugin.reason().isEmpty() ? "" : ": " + plugin.reason());
      }
    }
  }

  static CommandFailure failure(PluginRefused e) {
    return new CommandFailure(e.denied() ? CommandFailure.DENIED : CommandFailure.PRECONDITION, Text.clean(String.valueOf(e.getMessage())));
  }

  /** {@code {"changes": [{"id", "at", "summary", "outcome"}]}}. */
  private static void history(Invocation in) {
    List<PluginChange> changes = in.services().need(PluginInstaller.class).history();
    if (in.json()) {
      in.printJson(Map.of("changes", changes.stream().map(PluginViews::json).toList()));
      return;
    }
    Table table = new Table().right("ID").left("WHEN").left("CHANGE").left("OUTCOME");
    changes.forEach(c -> table.row(c.id(), Text.time(c.at()), Cell.bold(c.summary()), c.outcome()));
    in.out().table(table, "no plugin was installed, updated or removed so far");
  }

  /** {@code {"plugin": {...}}}. */
  private static void start(Invocation in) {
    try {
      InstalledPlugin plugin = in.services().need(PluginInstaller.class).start(in.argument(0));
      if (in.json()) {
        in.printJson(Map.of("plugin", PluginViews.json(plugin)));
      } else {
        in.out().line(Cell.bold(plugin.name()), " " + plugin.version() + " is ", PluginViews.state(plugin.state()));
      }
      if (plugin.state() == State.failed) {
        throw new CommandFailure(CommandFailure.CHECK, plugin.name() + " failed: " + Text.clean(plugin.reason()));
      }
    } catch (PluginRefused e) {
      throw failure(e);
    }
  }
}
