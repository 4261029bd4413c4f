package io.weft.installer;

import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginUnavailable;
import io.weft.support.wiring.Need;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the catalogues have, as somebody asks who wants to install it. */
final class CataloguedPlugins implements Sources.Catalogues {

  private static final String SEARCH = "'weft plugin search' lists what there is";

  private final Supplier<Optional<PluginCatalog>> catalogs;

  CataloguedPlugins(Supplier<Optional<PluginCatalog>> catalogs) {
    this.catalogs = catalogs;
  }

  /** Who is about to change the node wants what there is now, not what there was an hour ago. */
  void refresh() {
    catalogs.get().ifPresent(PluginCatalog::refresh);
  }

  @Override
  public Sources.Fetched fetch(String name, String version) throws PluginRefused {
    PluginCatalog current = catalogs.get().orElse(null);
    if (current == null || current.catalogs().isEmpty()) {
      throw new PluginRefused("'" + name + "' is no path of a jar, which begins with /, and no catalogue is configured; name some in weft.yaml, "
          + "plugins.catalogs");
    }
    try {
      Optional<PluginInfo> found = current.find(name, version.isEmpty() ? "" : "[" + version + "," + version + "]");
      if (found.isEmpty()) {
        throw new PluginRefused(missing(current, name, version));
      }
      return new Sources.Fetched(current.fetch(found.get()).jar(), found.get().catalog());
    } catch (IllegalArgumentException e) {
      throw new PluginRefused("'" + version + "' is no version of a plugin; give one such as " + name + "@1.2.0", e);
    } catch (PluginUnavailable e) {
      throw new PluginRefused(String.valueOf(e.getMessage()), e);
    }
  }

  private static String missing(PluginCatalog current, String name, String version) {
    List<PluginInfo> versions = current.versions(name);
    String others = versions.isEmpty() ? SEARCH
        : "there is " + versions.stream().map(PluginInfo::version).distinct().limit(5).collect(Collectors.joining(", "));
    String broken = current.catalogs().stream().filter(status -> !status.problem().isEmpty()).map(CataloguedPlugins::broken)
        .collect(Collectors.joining());
    return "no catalogue has " + name + (version.isEmpty() ? "" : " " + version) + "; " + others + broken;
  }

  private static String broken(CatalogStatus status) {
    return "; the catalogue " + status.name() + (status.version() == 0 ? " cannot be used: " : " is not up to date: ") + status.problem();
  }

  /** Plugins that meet a need, those of the preferred catalogue first. */
  List<PluginInfo> providing(Need need) {
    return catalogs.get().map(current -> current.providing(need.namespace(), need.filter())).orElse(List.of());
  }
}
