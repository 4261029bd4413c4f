package io.weft.launcher.plugin;

import io.weft.support.manifest.Clause;
import io.weft.support.plugin.PluginManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.osgi.framework.VersionRange;

/** What the manifest of a plugin says, as the index of a catalogue lists it: capabilities and requirements of OSGi, packages among them. */
final class ListedHeaders {

  private static final String PACKAGE = "osgi.wiring.package";
  private static final String FUNCTION = "org.apache.felix.service.command.Function";

  private ListedHeaders() {}

  static List<String> kinds(PluginManifest manifest) {
    TreeSet<String> kinds = new TreeSet<>();
    for (Clause clause : Clause.parse(manifest.header("Provide-Capability"))) {
      if (clause.paths().contains("osgi.service")) {
        for (String type : clause.ofAnyType("objectClass", "").split(",")) {
          if (type.strip().equals(FUNCTION)) {
            kinds.add("command");
          } else if (type.strip().startsWith("io.weft.")) {
            kinds.add(type.strip().substring(type.strip().lastIndexOf('.') + 1));
          }
        }
      }
    }
    return List.copyOf(kinds);
  }

  /** Without the link that may follow it. */
  static String licence(PluginManifest manifest) {
    return Clause.parse(manifest.header("Bundle-License")).stream().flatMap(clause -> clause.paths().stream()).findFirst().orElse("")
        .replace("\"", "");
  }

  static List<String> capabilities(PluginManifest manifest) {
    List<String> all = new ArrayList<>(PluginManifest.clauses(manifest.header("Provide-Capability")));
    for (Clause clause : Clause.parse(manifest.header("Export-Package"))) {
      for (String name : clause.paths()) {
        all.add(PACKAGE + ";" + PACKAGE + "=\"" + name + "\";version=\"" + clause.get("version", "0.0.0") + "\"");
      }
    }
    return all;
  }

  static List<String> requirements(PluginManifest manifest) {
    List<String> all = new ArrayList<>(PluginManifest.clauses(manifest.header("Require-Capability")));
    for (Clause clause : Clause.parse(manifest.header("Import-Package"))) {
      String range = clause.get("version", "");
      String optional = clause.get("resolution:", "").equals("optional") ? ";resolution:=optional" : "";
      for (String name : clause.paths()) {
        String filter = "(" + PACKAGE + "=" + name + ")";
        all.add(PACKAGE + ";filter:=\"" + (range.isEmpty() ? filter : "(&" + filter + new VersionRange(range).toFilterString("version") + ")")
            + "\"" + optional);
      }
    }
    return all;
  }
}
