package io.weft.catalog;

import io.weft.node.Clock;
import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginUnavailable;
import io.weft.plugin.StagedPlugin;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.TrustedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;

/** The catalogues of {@code weft.yaml}. Asks servers only when somebody asks it. */
@Component(name = "weft.catalog", configurationPid = "weft.plugins", service = PluginCatalog.class)
public final class ConfiguredCatalogs implements PluginCatalog {

  private static final long NANOS = 1_000_000_000L;
  private static final Comparator<PluginInfo> NEWEST_FIRST =
      Comparator.comparing((PluginInfo info) -> Version.parseVersion(info.version())).reversed();

  private record Listing(Catalog catalog, ListedPlugin plugin) {}

  private final List<Catalog> catalogs;
  private final Supplier<List<TrustedKey>> keys;
  private final int signatures;
  private final long refreshNanos;
  private final Clock clock;
  private final PluginTrust trust;
  private final Staging staging;

  @Activate
  public ConfiguredCatalogs(BundleContext context, PluginsConfig config, @Reference Clock clock, @Reference PluginTrust trust,
      @Reference(target = "(weft.provides=plugin.gate)", cardinality = ReferenceCardinality.OPTIONAL)
      @Nullable Function<Map<String, Object>, Map<String, Object>> gate) {
    this(Path.of(context.getProperty("weft.home")), config, clock, trust, () -> usable(new Gate(gate).keys()));
  }

  ConfiguredCatalogs(Path home, PluginsConfig config, Clock clock, PluginTrust trust, Supplier<List<TrustedKey>> keys) {
    this.catalogs = Locations.parse(config.catalogs(), home, clock);
    this.keys = keys;
    this.signatures = config.catalog_signatures();
    this.refreshNanos = config.catalog_refresh_s() * NANOS;
    this.clock = clock;
    this.trust = trust;
    this.staging = new Staging(home.resolve("data/staging"));
  }

  private static List<TrustedKey> usable(Gate.Keys keys) {
    return keys.usable() ? keys.trusted() : List.of();
  }

  private Catalog.Look look() {
    return new Catalog.Look(keys.get(), signatures, clock.now(), clock.nanos(), refreshNanos);
  }

  @Override
  public List<PluginInfo> search(String words) {
    List<String> wanted = Stream.of(words.toLowerCase(Locale.ROOT).strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    Map<String, PluginInfo> newest = new LinkedHashMap<>();
    all().map(ConfiguredCatalogs::info).sorted(Comparator.comparing(PluginInfo::name).thenComparing(NEWEST_FIRST))
        .forEach(info -> newest.putIfAbsent(info.name(), info));
    return newest.values().stream().filter(info -> {
      String text = (info.name() + " " + String.join(" ", info.kinds()) + " " + info.description()).toLowerCase(Locale.ROOT);
      return wanted.stream().allMatch(text::contains);
    }).toList();
  }

  @Override
  public List<PluginInfo> versions(String name) {
    Map<String, PluginInfo> first = new LinkedHashMap<>();
    all().filter(listing -> listing.plugin().name().equals(name)).map(ConfiguredCatalogs::info)
        .forEach(info -> first.putIfAbsent(Version.parseVersion(info.version()).toString(), info));
    List<PluginInfo> versions = new ArrayList<>(first.values());
    versions.sort(NEWEST_FIRST);
    return List.copyOf(versions);
  }

  @Override
  public Optional<PluginInfo> find(String name, String range) {
    VersionRange wanted = range.isBlank() ? null : new VersionRange(range);
    return versions(name).stream().filter(info -> wanted == null || wanted.includes(Version.parseVersion(info.version()))).findFirst();
  }

  @Override
  public StagedPlugin fetch(PluginInfo plugin) throws PluginUnavailable {
    Listing listing = all().filter(one -> info(one).equals(plugin)).findFirst().orElseThrow(() -> new PluginUnavailable(
        "the catalogue " + plugin.catalog() + " does not list " + plugin.name() + " " + plugin.version() + " any more, or cannot be used now"));
    try {
      Path jar = staging.bring(listing.plugin(), to -> listing.catalog().copy(listing.plugin(), to));
      return new StagedPlugin(plugin, jar, trust.check(jar));
    } catch (IOException e) {
      throw new PluginUnavailable("cannot have " + plugin.name() + " " + plugin.version() + " from the catalogue " + plugin.catalog() + ": "
          + e.getMessage(), e);
    }
  }

  @Override
  public void refresh() {
    catalogs.forEach(Catalog::refresh);
  }

  @Override
  public List<CatalogStatus> catalogs() {
    Catalog.Look look = look();
    return catalogs.stream().map(catalog -> catalog.status(look)).toList();
  }

  private Stream<Listing> all() {
    Catalog.Look look = look();
    return catalogs.stream().flatMap(catalog -> catalog.plugins(look).stream().map(plugin -> new Listing(catalog, plugin)));
  }

  private static PluginInfo info(Listing listing) {
    ListedPlugin plugin = listing.plugin();
    return new PluginInfo(listing.catalog().name(), plugin.name(), plugin.version(), plugin.kinds(), plugin.description(), plugin.licence(),
        plugin.capabilities(), plugin.requirements(), plugin.size(), plugin.sha256(), plugin.keyId());
  }
}
