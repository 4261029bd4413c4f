package io.weft.shell.frame;

import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.channel.Fabric;
import io.weft.channel.ForwardInfo;
import io.weft.channel.Forwards;
import io.weft.channel.ServiceInfo;
import io.weft.dcs.Dcs;
import io.weft.link.LinkInfo;
import io.weft.link.Links;
import io.weft.node.LogLevels;
import io.weft.node.Setting;
import io.weft.node.Settings;
import io.weft.plugin.PluginCatalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What an argument or option may be, for completion. A service that is missing offers nothing. */
@FunctionalInterface
public interface Values {

  /** Candidates, without duplicates. Must not block. */
  Collection<String> of(Services services);

  /** Free text. */
  Values NONE = services -> List.of();

  /** A path or URL of a bundle; completed as a file name. */
  Values FILES = services -> List.of();

  /** Names of plugins in catalogues, as far as they are known without asking any. */
  Values LISTED = services -> services.find(PluginCatalog.class).map(PluginCatalog::names).orElse(Set.of());

  /** What plugins come from: names of {@link #LISTED}, paths and URLs as in {@link #FILES}. */
  Values SOURCES = LISTED::of;

  Values PEERS = services -> {
    TreeSet<String> names = new TreeSet<>();
    services.find(PeerDirectory.class).ifPresent(d -> d.peers().stream().map(Peer::name).forEach(names::add));
    services.find(Links.class).ifPresent(l -> l.links().stream().map(LinkInfo::peer).forEach(names::add));
    return names;
  };

  Values STORES = services -> services.stores().stream().map(Dcs::backend).sorted().toList();

  Values SERVICES = services -> services.find(Fabric.class)
      .map(f -> new TreeSet<>(f.services().stream().map(ServiceInfo::name).toList())).orElseGet(TreeSet::new);

  Values FORWARDS = services -> services.find(Forwards.class)
      .map(f -> f.forwards().stream().filter(i -> !i.configured()).map(ForwardInfo::address).toList()).orElse(List.of());

  Values SETTINGS = services -> services.find(Settings.class)
      .map(s -> s.all().stream().map(Setting::key).toList()).orElse(List.of());

  Values LEVELS = of("error", "warn", "info", "debug", "trace", "default");

  Values LOGGERS = services -> {
    TreeSet<String> names = new TreeSet<>(List.of("root", "io.weft"));
    services.find(LogLevels.class).ifPresent(l -> names.addAll(l.levels().keySet()));
    services.bundles().stream().map(Bundle::getSymbolicName).filter(n -> n != null && n.startsWith("io.weft."))
        .forEach(names::add);
    return names;
  };

  Values BUNDLES = services -> {
    List<String> names = new ArrayList<>();
    services.bundles().stream().map(Bundle::getSymbolicName).filter(n -> n != null).sorted().distinct().forEach(names::add);
    return names;
  };

  Values COMPONENTS = services -> services.find(ServiceComponentRuntime.class)
      .map(r -> new TreeSet<>(r.getComponentDescriptionDTOs().stream().map((ComponentDescriptionDTO d) -> d.name).toList()))
      .orElseGet(TreeSet::new);

  static Values of(String... values) {
    List<String> list = List.of(values);
    return services -> list;
  }

  static Values of(Object[] constants) {
    return of(Arrays.stream(constants).map(Object::toString).toArray(String[]::new));
  }
}
