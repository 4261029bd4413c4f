package io.weft.catalog;

import io.weft.node.Timers;
import io.weft.support.plugin.CatalogIndex;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code catalogs} of weft.yaml names. */
final class Locations {

  static final int CATALOGS_MAX = 16;
  private static final Logger log = LoggerFactory.getLogger(Locations.class);

  private Locations() {}

  /** An entry with a fault is left out, and the log says so: the others are of use without it. */
  static List<Catalog> parse(String[] entries, Path home, Timers timers) {
    List<Catalog> catalogs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String entry : entries) {
      try {
        Catalog catalog = parse(entry, home, timers);
        if (!names.add(catalog.name()) || catalogs.size() == CATALOGS_MAX) {
          throw new IllegalArgumentException("there is one of that name already, or more than " + CATALOGS_MAX);
        }
        catalogs.add(catalog);
      } catch (IllegalArgumentException e) {
        log.warn("catalogue left out key=plugins.catalogs entry=\"{}\" reason=\"{}\"", entry, e.getMessage());
      }
    }
    return List.copyOf(catalogs);
  }

  private static Catalog parse(String entry, Path home, Timers timers) {
    int equals = entry.indexOf('=');
    String location = entry.substring(equals + 1).strip();
    boolean http = location.startsWith("http://") || location.startsWith("https://");
    String name = equals < 0 ? lastPart(location) : entry.substring(0, equals).strip();
    if (!CatalogIndex.isName(name)) {
      throw new IllegalArgumentException("expected NAME=LOCATION, the name of a-z, 0-9 and dashes");
    }
    Path state = home.resolve("data/catalogs");
    if (!http) {
      return new Catalog(name, location, new FolderSource(home.resolve(location).normalize()), state);
    }
    try {
      URI base = new URI(location.endsWith("/") ? location : location + "/");
      if (base.getHost() == null || base.getUserInfo() != null || base.getQuery() != null) {
        throw new IllegalArgumentException("expected a URL such as https://plugins.example.com/acme/, without a user or a query");
      }
      return new Catalog(name, location, new HttpSource(base, timers), state);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is no URL: " + e.getReason(), e);
    }
  }

  private static String lastPart(String location) {
    String[] parts = location.split("/");
    return parts.length == 0 ? "" : parts[parts.length - 1];
  }
}
