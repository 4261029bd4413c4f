package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginKey;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginVerdict;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code plugin:search|show|check|keys|catalogs}: what there is, and what may run. */
public final class CatalogCommands {

  private CatalogCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, CatalogCommands::search, Spec.of("plugin", "search", "Search the catalogues for plugins")
            .describe("The newest version of each plugin with all of the words in its name, kinds or description.")
            .optional("WORDS", "what to look for, in one argument; without it all are listed", Values.NONE)
            .flag("--refresh", "Ask the catalogues again first.")
            .example("weft plugin search", "all plugins")
            .example("weft plugin search SecretSource", "those that bring secrets")),
        new Command(services, PluginPage::show, Spec.of("plugin", "show", "Show a plugin of the catalogues and its versions")
            .argument("NAME", "symbolic name", Values.LISTED)
            .flag("--refresh", "Ask the catalogues again first.")
            .example("weft plugin show com.acme.vault", "versions, what it needs, who signed it, what is installed")),
        new Command(services, CatalogCommands::check, Spec.of("plugin", "check", "Say whether a jar may run on this node, and why")
            .describe("Installs nothing. Exit code 0 if it may, else 1.")
            .argument("JAR", "a file on the machine of the node", Values.FILES)
            .example("weft plugin check /srv/plugins/acme.jar", "is its signature one that counts here?")),
        new Command(services, CatalogCommands::keys, Spec.of("plugin", "keys", "List the keys that may sign plugins")
            .example("weft plugin keys", "who is trusted with what")),
        new Command(services, CatalogCommands::catalogs, Spec.of("plugin", "catalogs", "List the catalogues and how they are doing")
            .flag("--refresh", "Ask them again first.")
            .example("weft plugin catalogs", "versions, expiry, problems")));
  }

  /** {@code {"plugins": [{"name", "version", "kinds", "description", "licence", "catalog", "size", "sha256", "key"}]}}. */
  private static void search(Invocation in) {
    PluginCatalog catalog = in.services().need(PluginCatalog.class);
    if (in.flag("--refresh")) {
      catalog.refresh();
    }
    List<PluginInfo> found = catalog.search(in.optional(0).orElse(""));
    if (in.json()) {
      in.printJson(Map.of("plugins", found.stream().map(PluginPage::json).toList()));
      return;
    }
    Table table = new Table().left("PLUGIN").left("VERSION").left("KINDS").left("CATALOGUE").left("DESCRIPTION");
    found.forEach(p -> table.row(Cell.bold(Text.clean(p.name())), Text.clean(p.version()), Text.clean(String.join(",", p.kinds())), p.catalog(),
        Text.clean(p.description())));
    in.out().table(table, "no plugin is listed; see 'weft plugin catalogs'");
  }

  /** {@code {"file", "may_run", "standing", "problem", "signer", "key", "name", "version", "sha256", "reason"}}. */
  private static void check(Invocation in) {
    Path jar = Path.of(in.argument(0));
    if (!Files.isRegularFile(jar)) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "no file '" + Text.clean(in.argument(0)) + "' on the machine of this node");
    }
    PluginVerdict verdict = in.services().need(PluginTrust.class).check(jar);
    if (in.json()) {
      in.printJson(json(in.argument(0), verdict));
    } else {
      in.out().line(Cell.bold(Text.clean(verdict.name())), " " + Text.clean(verdict.version()) + " ",
          verdict.mayRun() ? Cell.good("may run") : Cell.bad("may not run"), ": " + Text.clean(verdict.reason()));
    }
    if (!verdict.mayRun()) {
      throw new CommandFailure(CommandFailure.CHECK, Text.clean(verdict.reason()));
    }
  }

  private static Map<String, Object> json(String file, PluginVerdict verdict) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file);
    json.put("may_run", verdict.mayRun());
    json.put("standing", verdict.standing().name());
    json.put("problem", verdict.problem().name());
    json.put("signer", verdict.signer());
    json.put("key", verdict.keyId());
    json.put("name", verdict.name());
    json.put("version", verdict.version());
    json.put("sha256", verdict.sha256());
    json.put("reason", verdict.reason());
    return json;
  }

  /** {@code {"unsigned_allowed", "keys": [{"name", "id", "plugins", "catalogs", "revoked"}]}}. */
  private static void keys(Invocation in) {
    PluginTrust trust = in.services().need(PluginTrust.class);
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("unsigned_allowed", trust.unsignedAllowed());
      json.put("keys", trust.keys().stream().map(CatalogCommands::json).toList());
      in.printJson(json);
      return;
    }
    Table table = new Table().left("KEY").left("ID").left("PLUGINS").left("CATALOGUES").left("STATE");
    trust.keys().forEach(key -> table.row(Cell.bold(key.name()), key.id(), String.join(" ", key.plugins()), String.join(" ", key.catalogs()),
        key.revoked() ? Cell.bad("revoked") : Cell.good("trusted")));
    in.out().table(table, "no key is trusted; put NAME.pub files into conf/keys of the home");
    if (trust.unsignedAllowed()) {
      in.out().line(Cell.bad("plugins run that nobody has signed: plugins.unsigned is allow"));
    }
  }

  private static Map<String, Object> json(PluginKey key) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", key.name());
    json.put("id", key.id());
    json.put("plugins", key.plugins());
    json.put("catalogs", key.catalogs());
    json.put("revoked", key.revoked());
    return json;
  }

  /** {@code {"catalogs": [{"name", "location", "version", "expires", "root", "root_expires", "signers", "plugins", "problem"}]}}. */
  private static void catalogs(Invocation in) {
    PluginCatalog catalog = in.services().need(PluginCatalog.class);
    if (in.flag("--refresh")) {
      catalog.refresh();
    }
    List<CatalogStatus> all = catalog.catalogs();
    if (in.json()) {
      in.printJson(Map.of("catalogs", all.stream().map(CatalogCommands::json).toList()));
      return;
    }
    Table table = new Table().left("CATALOGUE").left("LOCATION").right("VERSION").left("EXPIRES").left("ROOT").left("SIGNERS").right("PLUGINS").left("PROBLEM");
    all.forEach(c -> table.row(Cell.bold(c.name()), Text.clean(c.location()), c.version(), c.expires().map(Object::toString).orElse(""), root(c),
        String.join(" ", c.signers()), c.plugins(), c.problem().isEmpty() ? "" : Cell.bad(Text.clean(c.problem()))));
    in.out().table(table, "none is configured; see plugins.catalogs in weft.yaml");
  }

  private static String root(CatalogStatus catalog) {
    return catalog.root() == 0 ? "-" : catalog.root() + " until " + catalog.rootExpires().map(Object::toString).orElse("");
  }

  private static Map<String, Object> json(CatalogStatus catalog) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", catalog.name());
    json.put("location", catalog.location());
    json.put("version", catalog.version());
    json.put("expires", catalog.expires().map(Object::toString).orElse(""));
    json.put("root", catalog.root());
    json.put("root_expires", catalog.rootExpires().map(Object::toString).orElse(""));
    json.put("signers", catalog.signers());
    json.put("plugins", catalog.plugins());
    json.put("problem", catalog.problem());
    return json;
  }
}
