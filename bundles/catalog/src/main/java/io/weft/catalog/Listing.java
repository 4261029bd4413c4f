package io.weft.catalog;

import io.weft.plugin.PluginInfo;
import io.weft.support.manifest.Clause;
import io.weft.support.plugin.ListedPlugin;
import io.weft.support.wiring.Need;
import io.weft.support.wiring.Offer;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.BundleNamespace;

/** One version of a plugin, in one catalogue. */
record Listing(Catalog catalog, ListedPlugin plugin) {

  String name() {
    return plugin.name();
  }

  Version version() {
    return Version.parseVersion(plugin.version());
  }

  PluginInfo info() {
    return new PluginInfo(catalog.name(), plugin.name(), plugin.version(), plugin.kinds(), plugin.description(), plugin.licence(),
        plugin.capabilities(), plugin.requirements(), plugin.size(), plugin.sha256(), plugin.keyId());
  }

  boolean isSameFile(PluginInfo info) {
    return plugin.name().equals(info.name()) && plugin.version().equals(info.version()) && plugin.sha256().equals(info.sha256());
  }

  /** Whether it says that it meets the need. What cannot be read meets none: it is a stranger's. */
  boolean meets(Need need) {
    if (need.namespace().equals(BundleNamespace.BUNDLE_NAMESPACE)) {
      return new Offer(BundleNamespace.BUNDLE_NAMESPACE, Map.of(BundleNamespace.BUNDLE_NAMESPACE, plugin.name(),
          Constants.BUNDLE_VERSION_ATTRIBUTE, version())).meets(need);
    }
    return plugin.capabilities().stream().filter(clause -> clause.startsWith(need.namespace())).flatMap(Listing::offers)
        .anyMatch(offer -> offer.meets(need));
  }

  private static Stream<Offer> offers(String clause) {
    try {
      return Offer.of(Clause.parse(clause)).stream();
    } catch (IllegalArgumentException e) {
      return Stream.empty();
    }
  }
}
