package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.node.Setting;
import io.weft.node.Settings;
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
import org.jspecify.annotations.Nullable;

/** {@code config:*}: what configuration is in force and where it came from. */
public final class ConfigCommands {

  private ConfigCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, ConfigCommands::show, Spec.of("config", "show", "Show the configuration in force")
            .describe("Defaults included. Secrets appear as references. Edits of weft.yaml that wait for a restart come last.")
            .optional("PREFIX", "only keys that start with this", Values.SETTINGS)
            .flag("--changed", "Only what is not a default.")
            .example("weft config show --changed", "what did we set?")
            .example("weft config show transport.quic", "all of one section")),
        new Command(services, ConfigCommands::explain, Spec.of("config", "explain",
                "Tell where one value came from and when a change takes effect")
            .argument("KEY", "dotted, as in weft.yaml", Values.SETTINGS)
            .example("weft config explain transport.quic.listen", "why does it listen there?")));
  }

  /** {@code {"settings": [{"key", "value", "origin", "applies"}], "pending_restart": [...], "problems": [...]}}. */
  private static void show(Invocation in) {
    Settings settings = in.services().need(Settings.class);
    String prefix = in.optional(0).orElse("");
    List<Setting> all = settings.all().stream().filter(s -> s.key().startsWith(prefix))
        .filter(s -> !in.flag("--changed") || !s.origin().equals("default")).toList();
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("settings", all.stream().map(ConfigCommands::json).toList());
      json.put("pending_restart", settings.pendingRestart().stream().map(ConfigCommands::json).toList());
      json.put("problems", settings.problems());
      in.printJson(json);
      return;
    }
    in.out().table(table(all), prefix.isEmpty() ? "nothing is set" : "no key starts with '" + prefix + "'");
    if (!settings.pendingRestart().isEmpty()) {
      in.out().section("AFTER A RESTART", table(settings.pendingRestart()), "");
    }
    settings.problems().forEach(p -> in.out().line(Cell.bad("not applied: "), p));
  }

  private static Table table(List<Setting> settings) {
    Table table = new Table().left("KEY").left("VALUE").left("FROM").left("A CHANGE APPLIES");
    for (Setting s : settings) {
      boolean isDefault = s.origin().equals("default");
      table.row(Cell.bold(s.key()), s.value(), isDefault ? Cell.dim(s.origin()) : Cell.of(s.origin()), Cell.dim(s.applies()));
    }
    return table;
  }

  /** {@code {"setting": {"key", "value", "origin", "applies"}, "pending_restart": {...} or null}}. */
  private static void explain(Invocation in) {
    Settings settings = in.services().need(Settings.class);
    String key = in.argument(0);
    Setting setting = settings.all().stream().filter(s -> s.key().equals(key)).findFirst()
        .orElseThrow(() -> new CommandFailure(CommandFailure.USAGE, unknown(key, settings)));
    Setting pending = settings.pendingRestart().stream().filter(s -> s.key().equals(key)).findFirst().orElse(null);
    if (in.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("setting", json(setting));
      json.put("pending_restart", pending == null ? null : json(pending));
      in.printJson(json);
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("key", Cell.bold(setting.key()));
    rows.put("value", setting.value());
    rows.put("from", setting.origin());
    rows.put("a change applies", setting.applies());
    if (pending != null) {
      rows.put("after a restart", Cell.warn(pending.value() + " (" + pending.origin() + ")"));
    }
    in.out().pairs(rows);
  }

  private static String unknown(String key, Settings settings) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    List<String> near = settings.all().stream().map(Setting::key).filter(k -> !last.isEmpty() && k.contains(last)).limit(3)
        .toList();
    return "no key '" + Text.clean(key) + "' is in force; "
        + (near.isEmpty() ? "'weft config show' lists all" : "there is " + String.join(", ", near));
  }

  private static Map<String, Object> json(Setting s) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("key", s.key());
    map.put("value", s.value());
    map.put("origin", s.origin());
    map.put("applies", s.applies());
    return map;
  }
}
