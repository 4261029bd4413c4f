package io.weft.catalog;

import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginUnavailable;
import io.weft.plugin.StagedPlugin;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.TrustedKey;
import io.weft.support.wiring.Need;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.VersionRange;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;

/** The catalogues of {@code weft.yaml}. Asks servers only when somebody asks it. */
@Component(name = "weft.catalog", configurationPid = "weft.plugins", service = PluginCatalog.class)
public final class ConfiguredCatalogs implements PluginCatalog {

  private static final long NANOS = 1_000_000_000L;

  private final List<Catalog> catalogs;
  private final Supplier<Trusted> keys;
  private final int signatures;
  private final long refreshNanos;
  private final Clock clock;
  private final PluginTrust trust;
  private final Staging staging;

  @Activate
  public ConfiguredCatalogs(BundleContext context, PluginsConfig config, @Reference Clock clock, @Reference Timers timers,
      @Reference PluginTrust trust,
      @Reference(target = "(weft.provides=plugin.gate)", cardinality = ReferenceCardinality.OPTIONAL)
      @Nullable Function<Map<String, Object>, Map<String, Object>> gate) {
    this(Path.of(context.getProperty("weft.home")), config, clock, timers, trust, () -> usable(new Gate(gate).keys()));
  }

  ConfiguredCatalogs(Path home, PluginsConfig config, Clock clock, Timers timers, PluginTrust trust, Supplier<Trusted> keys) {
    this.catalogs = Locations.parse(config.catalogs(), home, timers);
    this.keys = keys;
    this.signatures = config.catalog_signatures();
    this.refreshNanos = config.catalog_refresh_s() * NANOS;
    this.clock = clock;
    this.trust = trust;
    this.staging = new Staging(home.resolve("data/staging"));
  }

  /** Whose signatures the operator takes, and whose not any more. */
  record Trusted(List<TrustedKey> keys, Set<String> revoked) {}

  private static Trusted usable(Gate.Keys keys) {
    return new Trusted(keys.usable() ? keys.trusted() : List.of(), keys.revoked());
  }

  private Catalog.Look look() {
    Trusted trusted = keys.get();
    return new Catalog.Look(trusted.keys(), trusted.revoked(), signatures, clock, refreshNanos);
  }

  @Override
  public List<PluginInfo> search(String words) {
    List<String> wanted = Stream.of(words.toLowerCase(Locale.ROOT).strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    return chosen(all()).map(Listing::info).filter(info -> {
      String text = (info.name() + " " + String.join(" ", info.kinds()) + " " + info.description()).toLowerCase(Locale.ROOT);
      return wanted.stream().allMatch(text::contains);
    }).sorted(Comparator.comparing(PluginInfo::name)).toList();
  }

  @Override
  public List<PluginInfo> versions(String name) {
    return named(name).sorted(Comparator.comparing(Listing::version).reversed()).map(Listing::info).toList();
  }

  @Override
  public Optional<PluginInfo> find(String name, String range) {
    VersionRange wanted = range.isBlank() ? null : new VersionRange(range);
    return Choice.of(named(name).filter(listing -> wanted == null || wanted.includes(listing.version())).toList(), mayRun()).map(Listing::info);
  }

  @Override
  public List<PluginInfo> providing(String namespace, String filter) {
    Need need = new Need(namespace, filter);
    return chosen(all().filter(listing -> listing.meets(need)))
        .sorted(Comparator.comparing((Listing listing) -> catalogs.indexOf(listing.catalog())).thenComparing(Listing::name))
        .map(Listing::info).toList();
  }

  /** One of each name. */
  private Stream<Listing> chosen(Stream<Listing> listings) {
    Predicate<ListedPlugin> mayRun = mayRun();
    return listings.collect(Collectors.groupingBy(Listing::name, TreeMap::new, Collectors.toList())).values().stream()
        .flatMap(versions -> Choice.of(versions, mayRun).stream());
  }

  /** Whether a key may sign it, if the index is right about who did; the jar is asked later. */
  private Predicate<ListedPlugin> mayRun() {
    List<TrustedKey> trusted = keys.get().keys();
    boolean unsigned = trust.unsignedAllowed();
    return plugin -> plugin.keyId().isEmpty() ? unsigned
        : trusted.stream().anyMatch(key -> key.key().id().equals(plugin.keyId()) && key.maySign(plugin.name()));
  }

  @Override
  public StagedPlugin fetch(PluginInfo plugin) throws PluginUnavailable {
    List<Listing> same = all().filter(listing -> listing.isSameFile(plugin))
        .sorted(Comparator.comparing(listing -> !listing.catalog().name().equals(plugin.catalog()))).toList();
    if (same.isEmpty()) {
      throw new PluginUnavailable("the catalogue " + plugin.catalog() + " does not list " + plugin.name() + " " + plugin.version()
          + " any more, or cannot be used now; see 'weft plugin catalogs'");
    }
    StringJoiner reasons = new StringJoiner("; ", "cannot have " + plugin.name() + " " + plugin.version() + " from ", "");
    IOException first = null;
    for (Listing listing : same) {
      try {
        Path jar = staging.bring(listing.plugin(), to -> listing.catalog().copy(listing.plugin(), to));
        return new StagedPlugin(plugin, jar, trust.check(jar));
      } catch (IOException e) {
        reasons.add("the catalogue " + listing.catalog().name() + ": " + e.getMessage());
        first = first == null ? e : first;
      }
    }
    throw new PluginUnavailable(reasons.toString(), first);
  }

  @Override
  public Set<String> names() {
    TreeSet<String> names = new TreeSet<>();
    catalogs.forEach(catalog -> names.addAll(catalog.names()));
    return names;
  }

  @Override
  public void refresh() {
    catalogs.forEach(Catalog::refresh);
  }

  @Override
  public List<CatalogStatus> catalogs() {
    Catalog.Look look = look();
    AllAtOnce.look(catalogs, look);
    return catalogs.stream().map(catalog -> catalog.status(look)).toList();
  }

  private Stream<Listing> all() {
    Catalog.Look look = look();
    AllAtOnce.look(catalogs, look);
    return catalogs.stream().flatMap(catalog -> catalog.plugins(look).stream().map(plugin -> new Listing(catalog, plugin)));
  }

  private Stream<Listing> named(String name) {
    return all().filter(listing -> listing.name().equals(name));
  }
}
