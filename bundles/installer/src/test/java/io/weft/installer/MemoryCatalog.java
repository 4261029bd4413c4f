package io.weft.installer;

import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginProblem;
import io.weft.plugin.PluginStanding;
import io.weft.plugin.PluginUnavailable;
import io.weft.plugin.PluginVerdict;
import io.weft.plugin.StagedPlugin;
import io.weft.support.wiring.Need;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** Catalogues in which jars were put one by one. */
final class MemoryCatalog implements PluginCatalog {

  private final Map<PluginInfo, JarFacts> jars = new LinkedHashMap<>();
  final List<CatalogStatus> status = new ArrayList<>(List.of(new CatalogStatus("acme", "/acme", 1, Optional.empty(), 0, Optional.empty(),
      List.of(), 1, "")));
  int refreshed;

  MemoryCatalog with(String catalog, Path jar) throws Exception {
    JarFacts facts = JarFacts.read(jar, Provenance.of(jar.toString()), "");
    jars.put(new PluginInfo(catalog, facts.name(), facts.version(), List.of(), "", "", List.of(), List.of(), 1, facts.sha256(), ""), facts);
    return this;
  }

  @Override
  public List<PluginInfo> search(String words) {
    return List.copyOf(jars.keySet());
  }

  @Override
  public List<PluginInfo> versions(String name) {
    return jars.keySet().stream().filter(info -> info.name().equals(name))
        .sorted(Comparator.comparing((PluginInfo info) -> Version.parseVersion(info.version())).reversed()).toList();
  }

  @Override
  public Optional<PluginInfo> find(String name, String range) {
    return versions(name).stream().filter(info -> range.isEmpty() || new VersionRange(range).includes(new Version(info.version()))).findFirst();
  }

  @Override
  public List<PluginInfo> providing(String namespace, String filter) {
    Need need = new Need(namespace, filter);
    return jars.entrySet().stream().filter(entry -> entry.getValue().provides().meets(need)).map(Map.Entry::getKey).toList();
  }

  @Override
  public StagedPlugin fetch(PluginInfo plugin) throws PluginUnavailable {
    return new StagedPlugin(plugin, jars.get(plugin).jar(),
        new PluginVerdict(PluginStanding.SIGNED, PluginProblem.NONE, "acme", "", plugin.name(), plugin.version(), plugin.sha256(), ""));
  }

  @Override
  public Set<String> names() {
    return jars.keySet().stream().map(PluginInfo::name).collect(Collectors.toSet());
  }

  @Override
  public void refresh() {
    refreshed++;
  }

  @Override
  public List<CatalogStatus> catalogs() {
    return status;
  }
}
