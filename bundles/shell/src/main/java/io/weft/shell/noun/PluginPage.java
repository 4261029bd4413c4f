package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.plugin.CatalogStatus;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginTrust;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.support.manifest.Clause;
import io.weft.support.wiring.Need;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code plugin:show}: what catalogues say of one plugin. */
final class PluginPage {

  private static final String PACKAGE = "osgi.wiring.package";
  private static final String SERVICE = "osgi.service";

  private PluginPage() {}

  /**
   * {@code {"name", "installed", "chosen": {"version", "catalog"}, "versions": [...]}}, those as for search with capabilities and requirements,
   * the newest first; {@code installed} is a version or null, {@code chosen} what an install takes that names no version.
   */
  static void show(Invocation in) {
    String name = in.argument(0);
    PluginCatalog catalog = in.services().need(PluginCatalog.class);
    if (in.flag("--refresh")) {
      catalog.refresh();
    }
    List<PluginInfo> versions = catalog.versions(name);
    PluginInfo chosen = catalog.find(name, "").orElseThrow(() -> new CommandFailure(CommandFailure.PRECONDITION,
        "no catalogue lists '" + Text.clean(name) + "'; 'weft plugin search' lists what there is" + broken(catalog)));
    String installed = in.services().find(PluginInstaller.class).stream().flatMap(installer -> installer.installed().stream())
        .filter(plugin -> plugin.name().equals(name)).map(InstalledPlugin::version).findFirst().orElse("");
    if (in.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("installed", installed.isEmpty() ? null : installed);
      json.put("chosen", Views.pair("version", chosen.version(), "catalog", chosen.catalog()));
      json.put("versions", versions.stream().map(PluginPage::whole).toList());
      in.printJson(json);
    } else {
      print(in, chosen, installed, versions);
    }
  }

  private static String broken(PluginCatalog catalog) {
    List<String> names = catalog.catalogs().stream().filter(status -> !status.problem().isEmpty()).map(CatalogStatus::name).toList();
    return names.isEmpty() ? "" : "; something is wrong with " + String.join(", ", names) + ", see 'weft plugin catalogs'";
  }

  private static void print(Invocation in, PluginInfo chosen, String installed, List<PluginInfo> versions) {
    in.out().line(Cell.bold(Text.clean(chosen.name())), " " + Text.clean(chosen.version()), "  ", Text.clean(chosen.description()));
    in.out().line(installed.isEmpty() ? "not installed" : "installed in version " + Text.clean(installed));
    word(in, "licence", chosen.licence());
    word(in, "kinds", String.join(", ", chosen.kinds()));
    chosen.capabilities().forEach(c -> word(in, "provides", provided(c)));
    chosen.requirements().forEach(r -> word(in, "needs", needed(r)));
    Table table = new Table().left("VERSION").left("CATALOGUE").right("BYTES").left("KEY").left("SHA-256");
    versions.forEach(v -> table.row(v.equals(chosen) ? Cell.bold(Text.clean(v.version())) : Text.clean(v.version()), v.catalog(), v.size(),
        signer(in, v), v.sha256()));
    in.out().section("VERSIONS", table, "none");
    in.out().line();
    for (PluginInfo version : versions) {
      first(version, versions).filter(first -> !first.sha256().equals(version.sha256())).ifPresent(first -> in.out().line(Cell.bad(
          Text.clean(version.version()) + " of the catalogue " + version.catalog() + " is another file than that of " + first.catalog()
              + ", which is configured before it and so is what gets installed")));
    }
    in.out().line("without a version, install and update take " + Text.clean(chosen.version()) + " of the catalogue " + chosen.catalog());
  }

  private static void word(Invocation in, String word, String value) {
    if (!value.isBlank()) {
      in.out().line(word, " ", Text.clean(value));
    }
  }

  private static Optional<PluginInfo> first(PluginInfo version, List<PluginInfo> versions) {
    return versions.stream().filter(other -> other.version().equals(version.version())).findFirst();
  }

  /** {@code package com.acme.lib [1.0.0,2.0.0)}, or the clause as it is. */
  private static String needed(String clause) {
    List<Clause> clauses = Clause.parse(clause);
    if (clauses.size() != 1 || !clauses.get(0).paths().equals(List.of(PACKAGE))) {
      return clause;
    }
    String optional = clauses.get(0).get("resolution:", "").equals("optional") ? " (optional)" : "";
    return new Need(PACKAGE, clauses.get(0).get("filter:", "")).words() + optional;
  }

  private static String provided(String clause) {
    List<Clause> clauses = Clause.parse(clause);
    if (clauses.size() == 1 && clauses.get(0).paths().equals(List.of(PACKAGE))) {
      return "package " + clauses.get(0).get(PACKAGE, "") + " " + clauses.get(0).ofAnyType("version", "");
    }
    return clauses.size() == 1 && clauses.get(0).paths().equals(List.of(SERVICE)) ? "service " + clauses.get(0).ofAnyType("objectClass", "") : clause;
  }

  private static String signer(Invocation in, PluginInfo plugin) {
    return in.services().find(PluginTrust.class).stream().flatMap(trust -> trust.keys().stream())
        .filter(key -> key.id().equals(plugin.keyId())).map(key -> key.revoked() ? key.name() + " (revoked)" : key.name()).findFirst()
        .orElse(plugin.keyId().isEmpty() ? "not signed" : plugin.keyId() + " (unknown)");
  }

  static Map<String, Object> json(PluginInfo plugin) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", plugin.name());
    json.put("version", plugin.version());
    json.put("kinds", plugin.kinds());
    json.put("description", plugin.description());
    json.put("licence", plugin.licence());
    json.put("catalog", plugin.catalog());
    json.put("size", plugin.size());
    json.put("sha256", plugin.sha256());
    json.put("key", plugin.keyId());
    return json;
  }

  private static Map<String, Object> whole(PluginInfo plugin) {
    Map<String, Object> json = json(plugin);
    json.put("capabilities", plugin.capabilities());
    json.put("requirements", plugin.requirements());
    return json;
  }
}
