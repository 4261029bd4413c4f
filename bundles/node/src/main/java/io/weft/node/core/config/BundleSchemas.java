package io.weft.node.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema of the bundles that are installed in the framework, and of those that wait in the deploy folder. Each bundle is read
 * once, and not again after a restart. Not thread-safe.
 */
final class BundleSchemas {

  private static final Logger log = LoggerFactory.getLogger(BundleSchemas.class);

  private final BundleContext context;
  private final Path deploy;
  private final SchemaCache cache;
  private final Map<SchemaCache.Version, List<SectionSchema>> known;
  private @Nullable MetatypeReader reader;
  private boolean readable = true;

  BundleSchemas(BundleContext context, Path deploy) {
    this.context = context;
    this.deploy = deploy;
    this.cache = new SchemaCache(context.getDataFile("schemas").toPath());
    this.known = new HashMap<>(cache.read());
  }

  ConfigSchema load() {
    List<SectionSchema> sections = new ArrayList<>();
    Set<SchemaCache.Version> before = Set.copyOf(known.keySet());
    Set<SchemaCache.Version> present = new HashSet<>();
    for (Bundle bundle : context.getBundles()) {
      // Only components have configurations; the header saves opening the jars of all the libraries.
      if (bundle.getHeaders("").get("Service-Component") != null) {
        SchemaCache.Version version = new SchemaCache.Version(bundle.getBundleId(), bundle.getLastModified());
        present.add(version);
        sections.addAll(known.computeIfAbsent(version, v -> read(bundle)));
      }
    }
    known.keySet().retainAll(present);
    if (readable && !known.keySet().equals(before)) {
      cache.write(known);
    }
    if (Files.isDirectory(deploy)) {
      sections.addAll(JarSchemas.read(List.of(deploy), problem -> log.warn("deploy folder unreadable reason=\"{}\"", problem)));
    }
    return new ConfigSchema(sections);
  }

  private List<SectionSchema> read(Bundle bundle) {
    Enumeration<URL> documents = bundle.findEntries(MetatypeReader.FOLDER, "*.xml", false);
    if (documents == null) {
      return List.of();
    }
    if (reader == null) {
      reader = new MetatypeReader();
    }
    List<SectionSchema> sections = new ArrayList<>();
    while (documents.hasMoreElements()) {
      URL document = documents.nextElement();
      try (InputStream in = document.openStream()) {
        sections.addAll(reader.read(bundle.getSymbolicName() + document.getPath(), in));
      } catch (IOException e) {
        readable = false; // and to be said again after a restart
        log.warn("schema unreadable bundle={} reason=\"{}\"", bundle.getSymbolicName(), e.getMessage());
      }
    }
    return sections;
  }
}
